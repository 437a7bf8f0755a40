// SPDX-License-Identifier: Apache-2.0
//
// The triggers of each table, in SQLite's words: for each row, what change_tables.h says of it.
#include "control/database/change_tables.h"
#include "control/database/database.h"
#include "control/database/sqlite/sqlite_backend.h"

#include <string>

namespace dialtone::database {
namespace {

// The columns that a table has, as triggers need them.
struct Columns {
  std::string all_but_time;  // "name, description": a change of these is one of the row
  bool has_time = false;     // changed_s, which triggers keep
};

Result<Columns> columns_of(Database& database, std::string_view table) {
  Columns columns;
  DIALTONE_TRY(database.for_each(
      "SELECT name FROM pragma_table_info(?1)",
      [&](const Query& row) {
        if (row.text(0) == "changed_s") {
          columns.has_time = true;
        } else {
          columns.all_but_time += (columns.all_but_time.empty() ? "" : ", ");
          columns.all_but_time += row.text(0);
        }
      },
      table));
  return columns;
}

// Whatever happens to a child is an update of its parent.
std::string log_row(const ChangeTable& table, std::string_view row, std::string_view op) {
  const std::string_view logged_op = table.logged_as == table.name ? op : "update";
  return "INSERT INTO change_log (tbl, row_id, op) SELECT '" + std::string(table.logged_as) +
         "', " + std::string(row) + "." + std::string(table.key) + ", '" + std::string(logged_op) +
         "'";
}

// Of the row that a child belongs to. Most rows of a transaction find it done already.
std::string touch_parent(const ChangeTable& table, std::string_view row) {
  return " UPDATE " + std::string(table.logged_as) +
         " SET changed_s = unixepoch() WHERE id = " + std::string(row) + "." +
         std::string(table.key) + " AND changed_s <> unixepoch();";
}

std::string trigger(std::string_view table, std::string_view op, std::string_view body) {
  const std::string name(table);
  return "CREATE TRIGGER " + name + "_" + std::string(op) + " AFTER " + std::string(op) + " ON " +
         name + " BEGIN " + std::string(body) + " END;\n";
}

// `touches`: the parent has a time to keep.
std::string plain_triggers(const ChangeTable& table, bool touches) {
  const std::string key(table.key);
  const std::string moved = " WHERE OLD." + key + " <> NEW." + key + ";";
  const std::string touch_new = touches ? touch_parent(table, "NEW") : std::string();
  const std::string touch_old = touches ? touch_parent(table, "OLD") : std::string();
  return trigger(table.name, "insert", touch_new + log_row(table, "NEW", "insert") + ";") +
         trigger(table.name, "update",
                 touch_new + log_row(table, "NEW", "update") + ";" + touch_old +
                     log_row(table, "OLD", "update") + moved) +
         trigger(table.name, "delete", touch_old + log_row(table, "OLD", "delete") + ";");
}

// Of a table whose rows have a time. Keeping the time is no change of its own; a time set by hand
// is. Children are deleted here as well, since a hand with the sqlite3 shell has no foreign keys.
std::string timed_triggers(std::string_view table, const std::string& columns) {
  const std::string name(table);
  const std::string log = "INSERT INTO change_log (tbl, row_id, op, old_name) VALUES ('" + name;
  std::string children;
  for (const ChangeTable& child : change_tables()) {
    if (child.logged_as == table && child.name != table) {
      children += "DELETE FROM " + std::string(child.name) + " WHERE " + std::string(child.key) +
                  " = OLD.id; ";
    }
  }
  return trigger(table, "insert", log + "', NEW.id, 'insert', NULL);") + "CREATE TRIGGER " + name +
         "_update AFTER UPDATE OF " + columns + " ON " + name + " BEGIN UPDATE " + name +
         " SET changed_s = unixepoch() WHERE id = NEW.id AND changed_s <> unixepoch(); " + log +
         "', NEW.id, 'update', CASE WHEN OLD.name <> NEW.name THEN OLD.name END); END;\n" +
         "CREATE TRIGGER " + name + "_update_time AFTER UPDATE OF changed_s ON " + name +
         " WHEN NEW.changed_s <> OLD.changed_s AND NEW.changed_s <> unixepoch() BEGIN " + log +
         "', NEW.id, 'update', NULL); END;\n" +
         trigger(table, "delete", children + log + "', OLD.id, 'delete', OLD.name);");
}

Result<std::string> triggers_of(Database& database, const ChangeTable& table) {
  const auto columns = columns_of(database, table.name);
  if (!columns) {
    return columns.error();
  }
  if (columns->has_time) {
    return timed_triggers(table.name, columns->all_but_time);
  }
  const auto parent = columns_of(database, table.logged_as);
  if (!parent) {
    return parent.error();
  }
  return plain_triggers(table, parent->has_time);
}

}  // namespace

Result<void> drop_sqlite_triggers(Database& database) {
  std::string sql;
  DIALTONE_TRY(database.for_each(
      "SELECT name FROM sqlite_schema WHERE type = 'trigger'",
      [&](const Query& row) { sql += "DROP TRIGGER " + std::string(row.text(0)) + ";"; }));
  return database.execute(sql);
}

Result<void> create_sqlite_triggers(Database& database) {
  for (const ChangeTable& table : change_tables()) {
    auto sql = triggers_of(database, table);
    if (!sql) {
      return sql.error();
    }
    DIALTONE_TRY(database.execute(*sql));
  }
  return {};
}

}  // namespace dialtone::database
