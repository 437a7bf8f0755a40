// SPDX-License-Identifier: Apache-2.0
#include "control/import/json_import.h"

#include "control/database/gateway_files.h"
#include "control/database/text_rules.h"
#include "control/import/import_all.h"
#include "control/import/json_places.h"
#include "control/import/json_reader.h"
#include "control/import/table_import.h"

#include <algorithm>

namespace dialtone::importing {
namespace {

using database::Database;

class JsonImport {
 public:
  JsonImport(Database& database, std::string_view text, DefaultRow default_row, FaultList& faults,
             ImportProgress& progress)
      : database_(database),
        text_(text),
        default_row_(default_row),
        faults_(faults),
        progress_(progress),
        places_(text) {}

  Result<ImportReport> run() {
    const auto document = read_json(text_, faults_);
    if (!document) {
      return report_;
    }
    if (!document->is_object()) {
      faults_.add(places_.of({}), "no-object",
                  "the file is an object of tables: {\"device_pools\": [...], ...}");
      return report_;
    }
    check_tables(*document);
    progress_.begin(count_rows(*document));
    const FindPlace find_place = [this](const JsonPath& path) { return places_.of(path); };
    // In our order, not the file's: what is referred to comes first.
    for (const SharedTable& table : shared_tables()) {
      const auto rows = document->find(std::string(table.name));
      if (rows != document->end()) {
        DIALTONE_TRY(import_table(database_, table, *rows, default_row_, find_place, faults_,
                                  progress_, report_));
      }
    }
    // What a restore brings back stood so.
    if (default_row_ == DefaultRow::kAsItIs && document->contains(kGateways)) {
      DIALTONE_TRY(check_gateway_files((*document)[kGateways]));
    }
    return report_;
  }

 private:
  static constexpr const char* kGateways = "gateways";

  // As all of them are written: two rows of the file may have changed places.
  Result<void> check_gateway_files(const Json& rows) {
    for (std::size_t i = 0; i < rows.size() && rows.is_array() && !faults_.full(); ++i) {
      const Json& row = rows[i];
      if (!row.is_object() || !row.contains("name") || !row["name"].is_string()) {
        continue;  // has its fault already
      }
      const auto why = database::other_owner(database_, row["name"].get<std::string>());
      if (!why) {
        return why.error();
      }
      if (!why->empty()) {
        const JsonPath path = {std::string(kGateways), i};
        faults_.add(places_.of(path), "duplicate-name", to_string(path) + ": " + *why);
      }
    }
    return {};
  }

  static std::size_t count_rows(const Json& document) {
    std::size_t rows = 0;
    for (const Json& table : document) {
      rows += table.is_array() ? table.size() : 0;
    }
    return rows;
  }

  void check_tables(const Json& document) {
    std::vector<std::string_view> names;
    for (const SharedTable& table : shared_tables()) {
      names.push_back(table.name);
    }
    for (const auto& item : document.items()) {
      if (faults_.full()) {
        return;
      }
      if (std::find(names.begin(), names.end(), item.key()) == names.end()) {
        faults_.add(places_.of({item.key()}), "unknown-table",
                    database::unknown_word("table", item.key(), names));
      }
    }
  }

  Database& database_;
  const std::string_view text_;
  const DefaultRow default_row_;
  FaultList& faults_;
  ImportProgress& progress_;
  JsonPlaces places_;
  ImportReport report_;
};

}  // namespace

Result<ImportReport> import_json(Database& database, std::string_view text, const std::string& file,
                                 bool check, Diagnostics& faults) {
  ImportProgress progress;
  return import_json(database, text, file, check, faults, progress);
}

Result<ImportReport> import_json(Database& database, std::string_view text, const std::string& file,
                                 bool check, Diagnostics& faults, ImportProgress& progress) {
  FaultList list(file, faults);
  return import_all(database, file, check, list, progress, [&] {
    return import_json_rows(database, text, DefaultRow::kAsItIs, list, progress);
  });
}

Result<ImportReport> import_json_rows(Database& database, std::string_view text,
                                      DefaultRow default_row, FaultList& faults,
                                      ImportProgress& progress) {
  return JsonImport(database, text, default_row, faults, progress).run();
}

}  // namespace dialtone::importing
