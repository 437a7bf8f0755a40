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

struct FileRow {
  Json row;
  JsonPath path;  // of the row in a file of JSON
};

// The row of a file of JSON; nothing, with a fault, when there is not one.
std::optional<FileRow> row_of_json(std::string_view text, const SharedTable& table,
                                   JsonPlaces& places, FaultList& faults) {
  auto document = read_json(text, faults);
  if (!document) {
    return std::nullopt;
  }
  const std::string name(table.name);
  if (document->is_object() && document->contains(name)) {
    const Json& rows = (*document)[name];
    if (!rows.is_array() || rows.size() != 1 || document->size() != 1) {
      faults.add(
          places.of({name}), "bad-value",
          "the file is a row, or an object of \"" + name + "\" alone with one row in its list");
      return std::nullopt;
    }
    return FileRow{rows[0], {name, std::size_t{0}}};
  }
  if (!document->is_object()) {
    faults.add(places.of({}), "no-object",
               "the file is an object: the keys of a row, and their values");
    return std::nullopt;
  }
  return FileRow{*std::move(document), {}};
}

bool is_xml(std::string_view text) {
  return database::trimmed(text).starts_with('<') || text.starts_with("\xef\xbb\xbf");
}

// What import_table() asks for, which knows of one row in a list of the table's name.
TextPlace place_below(JsonPlaces& places, const JsonPath& row, const JsonPath& asked) {
  JsonPath path = row;
  if (asked.size() > 2) {
    path.insert(path.end(), asked.begin() + 2, asked.end());
  }
  return places.of(path);
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
  JsonPlaces places(text);
  std::optional<FileRow> found;
  FindPlace find_place = [](const JsonPath&) { return TextPlace{}; };
  if (is_xml(text)) {
    if (auto row = read_phone_file(text, table->name, list)) {
      found = FileRow{*std::move(row), {}};
    }
  } else {
    found = row_of_json(text, *table, places, list);
    find_place = [&](const JsonPath& asked) { return place_below(places, found->path, asked); };
  }
  if (found && list.count() == 0) {
    Json& row = found->row;
    if (row.is_object()) {
      row["name"] = std::string(name);
    }
    ImportProgress progress;
    DIALTONE_TRY(import_table(database, *table, Json::array({std::move(row)}), DefaultRow::kAsItIs,
                              find_place, list, progress, report));
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
