// SPDX-License-Identifier: Apache-2.0
#include "control/import/row_import.h"

#include "control/database/tag_text.h"
#include "control/database/text_rules.h"
#include "control/import/phone_file_reader.h"
#include "control/import/shared_row.h"
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

// What is as by default is left out.
void put(Json& row, const SharedColumn& column, const database::Query& query, int at) {
  const std::string key(column.key);
  if (column.form == ColumnForm::kInteger) {
    if (query.integer(at) != 0) {
      row[key] = query.integer(at);
    }
  } else if (column.form == ColumnForm::kBoolean) {
    row[key] = query.integer(at) != 0;
  } else if (column.form == ColumnForm::kSettings || column.form == ColumnForm::kTags) {
    row[key] = Json::parse(query.text(at), nullptr, false);
  } else if (column.is_required || query.text(at) != column.fallback) {
    row[key] = std::string(query.text(at));
  }
}

std::string columns_of(const SharedTable& table) {
  std::string columns;
  for (const SharedColumn& column : table.columns) {
    if (column.form != ColumnForm::kRows) {
      columns += (columns.empty() ? "" : ", ") + std::string(column.column);
    }
  }
  return columns;
}

// Rows that differ in their last column alone are one, with a list of texts.
Result<Json> nested_json(database::Database& database, const NestedTable& table, std::int64_t id) {
  Json rows = Json::array();
  const auto columns = table.rows.columns;
  const bool has_texts = columns.back().form == ColumnForm::kTexts;
  const std::string position(table.position);
  const std::string order =
      has_texts ? std::string(columns.front().column) + ", " + position : position;
  DIALTONE_TRY(database.for_each(
      "SELECT " + columns_of(table.rows) + " FROM " + std::string(table.rows.name) + " WHERE " +
          std::string(table.parent) + " = ?1 ORDER BY " + order,
      [&](const database::Query& query) {
        Json row = Json::object();
        int at = 0;
        for (const SharedColumn& column : columns) {
          if (column.form != ColumnForm::kTexts) {
            put(row, column, query, at++);
          }
        }
        if (!has_texts) {
          rows.push_back(std::move(row));
          return;
        }
        const std::string key(columns.back().key);
        const std::string first(columns.front().key);
        if (rows.empty() || rows.back()[first] != row[first]) {
          row[key] = Json::array();
          rows.push_back(std::move(row));
        }
        rows.back()[key].push_back(std::string(query.text(at)));
      },
      id));
  return rows;
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
    DIALTONE_TRY(import_table(database, *table, Json::array({*std::move(row)}), list, report));
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
  Json row = Json::object();
  DIALTONE_TRY(database.for_each(
      "SELECT " + columns_of(*table) + " FROM " + std::string(table->name) + " WHERE id = ?1",
      [&](const database::Query& query) {
        int at = 0;
        for (const SharedColumn& column : table->columns) {
          if (column.form != ColumnForm::kRows) {
            put(row, column, query, at++);
          }
        }
      },
      id));
  for (const SharedColumn& column : table->columns) {
    if (column.form == ColumnForm::kRows) {
      auto rows = nested_json(database, *column.nested, id);
      if (!rows) {
        return rows.error();
      }
      row[std::string(column.key)] = *std::move(rows);
    }
  }
  return row.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace dialtone::importing
