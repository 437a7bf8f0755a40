// SPDX-License-Identifier: Apache-2.0
//
// The writing half of shared_row.h. Names of tables and columns come from shared_tables.cc alone.
#include "control/import/shared_row.h"

namespace dialtone::importing {
namespace {

using database::Database;
using database::Value;

std::string parameter(std::size_t index) {
  return "?" + std::to_string(index + 1);
}

std::vector<Value> bound(const SharedRowValues& values) {
  std::vector<Value> all;
  for (const auto& [column, value] : values.columns) {
    all.push_back(value);
  }
  return all;
}

Result<std::vector<std::int64_t>> members_of(Database& database, const std::string& table,
                                             const std::string& column, std::int64_t id) {
  std::vector<std::int64_t> members;
  DIALTONE_TRY(database.for_each(
      "SELECT " + column + " FROM " + table + " WHERE group_id = ?1 ORDER BY prio",
      [&](const database::Query& row) { members.push_back(row.integer(0)); }, id));
  return members;
}

// Their order counts, so they are written together; true when they differed.
Result<bool> write_members(Database& database, const SharedTable& table, std::int64_t id,
                           const SharedRowValues& values) {
  if (!values.members) {
    return false;
  }
  const std::string name(table.members);
  std::string column;
  for (const SharedColumn& each : table.columns) {
    column = each.form == ColumnForm::kMembers ? each.column : column;
  }
  const auto stored = members_of(database, name, column, id);
  if (!stored) {
    return stored.error();
  }
  if (*stored == *values.members) {
    return false;
  }
  DIALTONE_TRY(database.run("DELETE FROM " + name + " WHERE group_id = ?1", id));
  std::int64_t prio = 0;
  for (const std::int64_t member : *values.members) {
    DIALTONE_TRY(database.run(
        "INSERT INTO " + name + " (group_id, prio, " + column + ") VALUES (?1, ?2, ?3)", id, prio++,
        member));
  }
  return true;
}

// What belongs to the row in other tables; true when it differed.
Result<bool> write_below(Database& database, const SharedTable& table, std::int64_t id,
                         const SharedRowValues& values) {
  const auto members = write_members(database, table, id, values);
  if (!members) {
    return members;
  }
  bool changed = *members;
  for (const NestedRows& rows : values.nested) {
    const auto nested = write_nested_rows(database, rows, id);
    if (!nested) {
      return nested;
    }
    changed = changed || *nested;
  }
  return changed;
}

Result<void> finish(Database& database, const SharedTable& table, std::int64_t id) {
  return table.after.empty() ? Result<void>() : database.run(table.after, id);
}

// Behind everything else, since triggers keep it; true when it differed.
Result<bool> write_time(Database& database, const SharedTable& table, std::int64_t id,
                        const SharedRowValues& values) {
  if (!values.changed_s) {
    return false;
  }
  DIALTONE_TRY(database.run(
      "UPDATE " + std::string(table.name) + " SET changed_s = ?1 WHERE id = ?2 AND changed_s <> ?1",
      *values.changed_s, id));
  return database.changed_rows() != 0;
}

}  // namespace

Result<std::optional<std::int64_t>> find_shared_row(Database& database, const SharedTable& table,
                                                    const SharedRowValues& values) {
  std::string sql = "SELECT id FROM " + std::string(table.name) + " WHERE ";
  std::vector<Value> identity;
  for (std::size_t i = 0; i < table.identity; ++i) {
    const auto& [column, value] = values.columns[i];
    sql += (i == 0 ? "" : " AND ") + std::string(column->column) + " = " + parameter(i);
    identity.push_back(value);
  }
  auto query = database.query_all(sql, identity);
  if (!query) {
    return query.error();
  }
  const auto row = query->step();
  if (!row) {
    return row.error();
  }
  return *row ? query->optional_integer(0) : std::nullopt;
}

Result<std::int64_t> insert_shared_row(Database& database, const SharedTable& table,
                                       const SharedRowValues& values, std::int64_t given_id) {
  std::string columns;
  std::string parameters;
  std::vector<Value> all = bound(values);
  for (std::size_t i = 0; i < values.columns.size(); ++i) {
    columns += (i == 0 ? "" : ", ") + std::string(values.columns[i].first->column);
    parameters += (i == 0 ? "" : ", ") + parameter(i);
  }
  if (given_id != 0) {
    columns += ", id";
    parameters += ", " + parameter(all.size());
    all.emplace_back(given_id);
  }
  const auto id = database.insert_all("INSERT INTO " + std::string(table.name) + " (" + columns +
                                          ") VALUES (" + parameters + ") RETURNING id",
                                      all);
  if (!id) {
    return id.error();
  }
  if (const auto below = write_below(database, table, *id, values); !below) {
    return below.error();
  }
  DIALTONE_TRY(finish(database, table, *id));
  const auto time = write_time(database, table, *id, values);
  return time ? id : time.error();
}

Result<bool> update_shared_row(Database& database, const SharedTable& table, std::int64_t id,
                               const SharedRowValues& values) {
  std::string assignments;
  std::string differences;
  for (std::size_t i = 0; i < values.columns.size(); ++i) {
    const std::string column(values.columns[i].first->column);
    assignments += (i == 0 ? "" : ", ") + column + " = " + parameter(i);
    differences += (i == 0 ? "" : " OR ") + column + " IS DISTINCT FROM " + parameter(i);
  }
  std::vector<Value> all = bound(values);
  all.emplace_back(id);
  auto query = database.query_all("UPDATE " + std::string(table.name) + " SET " + assignments +
                                      " WHERE id = " + parameter(all.size() - 1) + " AND (" +
                                      differences + ")",
                                  all);
  if (!query) {
    return query.error();
  }
  DIALTONE_TRY(query->run());
  const bool own = database.changed_rows() != 0;
  const auto below = write_below(database, table, id, values);
  if (!below) {
    return below.error();
  }
  if (own || *below) {
    DIALTONE_TRY(finish(database, table, id));
  }
  const auto time = write_time(database, table, id, values);
  return time ? Result<bool>(own || *below || *time) : time;
}

}  // namespace dialtone::importing
