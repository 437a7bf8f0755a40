// SPDX-License-Identifier: Apache-2.0
#include "control/import/row_json.h"

#include "control/database/tag_text.h"

#include <vector>

namespace dialtone::importing {
namespace {

using database::Database;
using database::Query;

// Columns of the row itself, in the order of the table.
std::vector<const SharedColumn*> own_columns(const SharedTable& table, RowDetail detail) {
  std::vector<const SharedColumn*> columns;
  for (const SharedColumn& column : table.columns) {
    const bool is_own = column.form != ColumnForm::kRows && column.form != ColumnForm::kMembers;
    if (is_own && (column.form != ColumnForm::kTime || detail == RowDetail::kWhole)) {
      columns.push_back(&column);
    }
  }
  return columns;
}

std::string column_list(const std::vector<const SharedColumn*>& columns) {
  std::string list;
  for (const SharedColumn* column : columns) {
    list += (list.empty() ? "" : ", ") + std::string(column->column);
  }
  return list;
}

// A reference is its id here; named() follows.
void put(Json& row, const SharedColumn& column, const Query& query, int at, RowDetail detail) {
  const bool is_whole = detail == RowDetail::kWhole || column.is_required;
  Json& value = row[std::string(column.key)];
  switch (column.form) {
    case ColumnForm::kInteger:
    case ColumnForm::kTime:
      value = query.integer(at);
      break;
    case ColumnForm::kBoolean:
      value = query.integer(at) != 0;
      return;
    case ColumnForm::kReference:
      if (const auto id = query.optional_integer(at)) {
        value = *id;
        return;
      }
      break;
    case ColumnForm::kSettings:
    case ColumnForm::kTags:
      value = Json::parse(query.text(at), nullptr, false);
      return;
    default:
      value = std::string(query.text(at));
  }
  const bool is_default = value.is_null() || value == 0 || value == column.fallback;
  if (!is_whole && is_default) {
    row.erase(std::string(column.key));
  }
}

Result<void> name_references(Database& database, const std::vector<const SharedColumn*>& columns,
                             Json& row) {
  for (const SharedColumn* column : columns) {
    const auto found = row.find(std::string(column->key));
    if (column->form != ColumnForm::kReference || found == row.end() ||
        !found->is_number_integer()) {
      continue;
    }
    const auto name = database::row_name(database, column->target, found->get<std::int64_t>());
    if (!name) {
      return name.error();
    }
    *found = name->empty() ? Json() : Json(*name);
  }
  return {};
}

// What another program has written there, and no import would take: a backup of it could not be
// restored.
Result<void> check_objects(const SharedTable& table,
                           const std::vector<const SharedColumn*>& columns, const Json& row) {
  for (const SharedColumn* column : columns) {
    const auto found = row.find(std::string(column->key));
    if ((column->form != ColumnForm::kTags && column->form != ColumnForm::kSettings) ||
        found == row.end()) {
      continue;
    }
    if (const auto tags = database::parse_tags(found->dump()); !tags) {
      return refused(std::string(table.name) + " \"" + row.value("name", "") +
                     "\": " + std::string(column->key) + ": " + tags.error().text +
                     std::string(database::kTagsCure));
    }
  }
  return {};
}

// Rows that differ in their last column alone are one, with a list of texts.
Result<Json> nested_json(Database& database, const NestedTable& table, std::int64_t id,
                         RowDetail detail) {
  Json rows = Json::array();
  auto columns = own_columns(table.rows, detail);
  const SharedColumn& last = *columns.back();
  const bool has_texts = last.form == ColumnForm::kTexts;
  const std::string first(columns.front()->column);
  std::string order(table.position);
  if (has_texts) {
    order = first + ", " + order;
  } else if (order.empty()) {
    for (std::size_t i = 0; i < table.rows.identity; ++i) {
      order += (i == 0 ? "" : ", ") + std::string(columns[i]->column);
    }
  }
  DIALTONE_TRY(database.for_each(
      "SELECT " + column_list(columns) + " FROM " + std::string(table.rows.name) + " WHERE " +
          std::string(table.parent) + " = ?1 ORDER BY " + order,
      [&](const Query& query) {
        Json row = Json::object();
        int at = 0;
        for (const SharedColumn* column : columns) {
          if (column->form != ColumnForm::kTexts) {
            put(row, *column, query, at++, detail);
          }
        }
        if (!has_texts) {
          rows.push_back(std::move(row));
          return;
        }
        const std::string key(last.key);
        if (rows.empty() || rows.back()[first] != row[first]) {
          row[key] = Json::array();
          rows.push_back(std::move(row));
        }
        rows.back()[key].push_back(std::string(query.text(at)));
      },
      id));
  for (Json& row : rows) {
    DIALTONE_TRY(name_references(database, columns, row));
  }
  return rows;
}

Result<Json> members_json(Database& database, const SharedTable& table, const SharedColumn& column,
                          std::int64_t id) {
  std::vector<std::int64_t> ids;
  DIALTONE_TRY(database.for_each(
      "SELECT " + std::string(column.column) + " FROM " + std::string(table.members) +
          " WHERE group_id = ?1 ORDER BY prio",
      [&](const Query& query) { ids.push_back(query.integer(0)); }, id));
  Json names = Json::array();
  for (const std::int64_t each : ids) {
    auto name = database::row_name(database, column.target, each);
    if (!name) {
      return name.error();
    }
    names.push_back(*std::move(name));
  }
  return names;
}

}  // namespace

Result<Json> row_json(Database& database, const SharedTable& table, std::int64_t id,
                      RowDetail detail) {
  Json row = Json::object();
  const auto columns = own_columns(table, detail);
  DIALTONE_TRY(database.for_each(
      "SELECT " + column_list(columns) + " FROM " + std::string(table.name) + " WHERE id = ?1",
      [&](const Query& query) {
        int at = 0;
        for (const SharedColumn* column : columns) {
          put(row, *column, query, at++, detail);
        }
      },
      id));
  DIALTONE_TRY(check_objects(table, columns, row));
  DIALTONE_TRY(name_references(database, columns, row));
  for (const SharedColumn& column : table.columns) {
    if (column.form != ColumnForm::kRows && column.form != ColumnForm::kMembers) {
      continue;
    }
    auto below = column.form == ColumnForm::kRows
                     ? nested_json(database, *column.nested, id, detail)
                     : members_json(database, table, column, id);
    if (!below) {
      return below.error();
    }
    row[std::string(column.key)] = *std::move(below);
  }
  return row;
}

}  // namespace dialtone::importing
