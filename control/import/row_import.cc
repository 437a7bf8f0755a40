// SPDX-License-Identifier: Apache-2.0
#include "control/import/row_import.h"

#include "control/database/text_rules.h"
#include "control/import/phone_file_reader.h"
#include "control/import/row_json.h"
#include "control/import/table_import.h"

#include <algorithm>

namespace dialtone::importing {
namespace {

const SharedTable* find_table(std::string_view name) {
  const auto tables = shared_tables();
  const auto found = std::find_if(tables.begin(), tables.end(),
                                  [&](const SharedTable& table) { return table.name == name; });
  return found == tables.end() ? nullptr : &*found;
}

// The row of the file; nothing, with a fault, when there is not one.
std::optional<Json> row_of(std::string_view text, const SharedTable& table, FaultList& faults) {
  if (database::trimmed(text).starts_with('<') || text.starts_with("\xef\xbb\xbf")) {
    return read_phone_file(text, table.name, faults);
  }
  auto document = read_json(text, faults);
  if (!document) {
    return std::nullopt;
  }
  const std::string name(table.name);
  if (document->is_object() && document->contains(name)) {
    const Json& rows = (*document)[name];
    if (!rows.is_array() || rows.size() != 1 || document->size() != 1) {
      faults.add(
          0, "bad-value",
          "the file is a row, or an object of \"" + name + "\" alone with one row in its list");
      return std::nullopt;
    }
    return rows[0];
  }
  if (!document->is_object()) {
    faults.add(0, "no-object", "the file is an object: the keys of a row, and their values");
    return std::nullopt;
  }
  return document;
}

}  // namespace

Result<ImportReport> import_row(database::Database& database, std::string_view table_name,
                                std::string_view name, std::string_view text,
                                const std::string& file, Diagnostics& faults) {
  const SharedTable* table = find_table(table_name);
  if (table == nullptr) {
    return failed("no table " + std::string(table_name));
  }
  FaultList list(file, faults);
  ImportReport report;
  if (auto row = row_of(text, *table, list); row && list.count() == 0) {
    if (row->is_object()) {
      (*row)["name"] = std::string(name);
    }
    DIALTONE_TRY(import_table(database, *table, Json::array({*std::move(row)}), DefaultRow::kAsItIs,
                              list, report));
  }
  list.close();
  if (const std::size_t count = list.count(); count != 0) {
    return refused(file + " has " + std::to_string(count) + (count == 1 ? " fault" : " faults") +
                   "; nothing was changed");
  }
  return report;
}

Result<std::string> export_row(database::Database& database, std::string_view table_name,
                               std::int64_t id) {
  const SharedTable* table = find_table(table_name);
  if (table == nullptr) {
    return failed("no table " + std::string(table_name));
  }
  const auto row = row_json(database, *table, id, RowDetail::kShort);
  return row ? Result<std::string>(row->dump(-1, ' ', false, Json::error_handler_t::replace))
             : row.error();
}

}  // namespace dialtone::importing
