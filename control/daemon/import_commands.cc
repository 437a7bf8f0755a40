// SPDX-License-Identifier: Apache-2.0
#include "control/daemon/attachment.h"
#include "control/import/csv_import.h"
#include "control/import/json_import.h"

#include <algorithm>
#include <utility>

namespace dialtone::daemon {
namespace {

struct ImportRequest {
  std::string file;  // for messages
  std::string text;
  bool check = false;
  bool wait = true;
};

Result<ImportRequest> read_import(const Request& request) {
  ImportRequest import;
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
  return ImportRequest{*std::move(file), *std::move(text), *check, *wait};
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

Outcome finish(Service& service, const ImportRequest& import,
               const Result<importing::ImportReport>& report, Diagnostics faults) {
  if (!report) {
    return Refusal{report.error(), std::move(faults)};
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
  if (!import.check) {
    auto pending = follow(service, import.wait);
    if (!pending) {
      return Refusal{pending.error(), {}};
    }
    answer.publish = *pending;
  }
  return answer;
}

}  // namespace

Outcome import_csv_file(Service& service, const Request& request) {
  if (auto only = request.arguments.only({"file", "check", "map", "wait"}); !only) {
    return Refusal{only.error(), {}};
  }
  auto database = need_database(service);
  if (!database) {
    return Refusal{database.error(), {}};
  }
  const auto map = request.arguments.pairs("map");
  if (!map) {
    return Refusal{map.error(), {}};
  }
  const auto import = read_import(request);
  if (!import) {
    return Refusal{import.error(), {}};
  }
  importing::CsvOptions options;
  options.file = import->file;
  options.check = import->check;
  options.column_keys.insert(map->begin(), map->end());
  Diagnostics faults;
  const auto report = importing::import_csv(**database, import->text, options, faults);
  return finish(service, *import, report, std::move(faults));
}

Outcome import_json_file(Service& service, const Request& request) {
  if (auto only = request.arguments.only({"file", "check", "wait"}); !only) {
    return Refusal{only.error(), {}};
  }
  auto database = need_database(service);
  if (!database) {
    return Refusal{database.error(), {}};
  }
  const auto import = read_import(request);
  if (!import) {
    return Refusal{import.error(), {}};
  }
  Diagnostics faults;
  const auto report =
      importing::import_json(**database, import->text, import->file, import->check, faults);
  return finish(service, *import, report, std::move(faults));
}

}  // namespace dialtone::daemon
