// SPDX-License-Identifier: Apache-2.0
#include "control/daemon/attachment.h"
#include "control/daemon/import_run.h"
#include "control/import/csv_import.h"
#include "control/import/json_import.h"
#include "dataplane/program/log.h"

#include <algorithm>
#include <memory>
#include <utility>

namespace dialtone::daemon {
namespace {

Result<std::shared_ptr<ImportRun>> read_import(const Request& request) {
  auto run = std::make_shared<ImportRun>();
  auto file = request.arguments.text("file");
  if (!file) {
    return file.error();
  }
  const auto check = request.arguments.flag("check", false);
  if (!check) {
    return check.error();
  }
  const auto wait = request.arguments.flag("wait", true);
  if (!wait) {
    return wait.error();
  }
  auto text = read_attachment(request, *file);
  if (!text) {
    return text.error();
  }
  run->file = *std::move(file);
  run->text = *std::move(text);
  run->check = *check;
  run->wait = *wait;
  return run;
}

// One line, however many columns there are; all of them are in the result.
std::string ignored_text(const std::vector<std::string>& columns) {
  constexpr std::size_t kShown = 20;
  std::string names;
  for (std::size_t i = 0; i < std::min(columns.size(), kShown); ++i) {
    names += (i == 0 ? "'" : ", '") + columns[i] + "'";
  }
  if (columns.size() > kShown) {
    names += " and " + std::to_string(columns.size() - kShown) + " more";
  }
  return "nothing is kept of " +
         (columns.size() == 1 ? "a column" : std::to_string(columns.size()) + " columns") +
         ", which no file of a phone has a place for: " + names + "; --map gives a column a key";
}

Outcome finish(Service& service, ImportRun& run) {
  const auto& report = *run.report;
  if (!report) {
    return Refusal{report.error(), std::move(run.faults)};
  }
  Answer answer;
  answer.result["rows"] = report->rows;
  answer.result["added"] = report->added;
  answer.result["updated"] = report->updated;
  answer.result["unchanged"] = report->unchanged;
  if (!report->ignored.empty()) {
    answer.result["ignored_columns"] = report->ignored;
    answer.warnings.push_back(ignored_text(report->ignored));
  }
  if (!run.check) {
    auto pending = follow(service, run.wait);
    if (!pending) {
      return Refusal{pending.error(), {}};
    }
    answer.publish = *pending;
  }
  return answer;
}

Outcome begin(Service& service, const Request& request, ImportText import) {
  if (auto database = need_database_to_change(service); !database) {
    return Refusal{database.error(), {}};
  }
  auto run = read_import(request);
  if (!run) {
    return Refusal{run.error(), {}};
  }
  auto work = begin_import(*run, service.options().database, std::move(import));
  if (!work) {
    return Refusal{work.error(), {}};
  }
  spdlog::info("import of {} has begun", (*run)->file);
  service.set_import(*run);
  Answer answer;
  answer.finish = [&service, run = *run] { return finish(service, *run); };
  answer.work = *std::move(work);
  return answer;
}

}  // namespace

Outcome import_csv_file(Service& service, const Request& request) {
  if (auto only = request.arguments.only({"file", "check", "map", "wait"}); !only) {
    return Refusal{only.error(), {}};
  }
  const auto map = request.arguments.pairs("map");
  if (!map) {
    return Refusal{map.error(), {}};
  }
  importing::CsvOptions options;
  options.column_keys.insert(map->begin(), map->end());
  return begin(service, request,
               [options = std::move(options)](database::Database& database, ImportRun& run) {
                 importing::CsvOptions here = options;
                 here.file = run.file;
                 here.check = run.check;
                 return importing::import_csv(database, run.text, here, run.faults, run.progress);
               });
}

Outcome import_json_file(Service& service, const Request& request) {
  if (auto only = request.arguments.only({"file", "check", "wait"}); !only) {
    return Refusal{only.error(), {}};
  }
  return begin(service, request, [](database::Database& database, ImportRun& run) {
    return importing::import_json(database, run.text, run.file, run.check, run.faults,
                                  run.progress);
  });
}

}  // namespace dialtone::daemon
