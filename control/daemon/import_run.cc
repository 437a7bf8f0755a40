// SPDX-License-Identifier: Apache-2.0
#include "control/daemon/import_run.h"

#include "dataplane/program/log.h"

#include <exception>
#include <utility>

namespace dialtone::daemon {
namespace {

Result<std::string> import_text(ImportRun& run, const std::string& location,
                                const ImportText& import) {
  try {
    auto database = database::Database::open(location);
    if (!database) {
      spdlog::error("import of {}: {}", run.file, database.error().text);
      return database.error();
    }
    const auto& report = run.report.emplace(import(*database, run));
    // Here, since nobody asks for what came of it when control ends.
    if (report) {
      spdlog::info("import of {}: {} rows{}", run.file, report->rows, run.check ? ", checked" : "");
    } else {
      spdlog::info("import of {}: {}", run.file, report.error().text);
    }
    return std::string();
  } catch (const std::exception& exception) {
    spdlog::error("import of {}: {}", run.file, exception.what());
    return failed("import of " + run.file + ": " + exception.what());  // memory is short
  }
}

}  // namespace

Result<std::unique_ptr<BackgroundWork>> begin_import(std::shared_ptr<ImportRun> run,
                                                     const std::string& database,
                                                     ImportText import) {
  return BackgroundWork::start(
      [run = std::move(run), database, import = std::move(import)](const std::stop_token& stop) {
        const std::stop_callback on_stop(stop, [&] { run->progress.give_up(); });
        return import_text(*run, database, import);
      });
}

std::string going_on(const ImportRun& run) {
  const importing::ImportProgress& progress = run.progress;
  return "an import of " + run.file + " is going on" +
         (progress.rows() == 0 ? std::string()
                               : " (" + std::to_string(progress.done()) + " of " +
                                     std::to_string(progress.rows()) + " rows)");
}

}  // namespace dialtone::daemon
