// SPDX-License-Identifier: Apache-2.0
//
// The triggers of each table, in PostgreSQL's words. A function for each table, which runs with the
// rights of its owner: who may write a table need not be let write change_log.
#include "control/database/change_tables.h"
#include "control/database/database.h"
#include "control/database/postgres/postgres_backend.h"
#include "control/database/postgres/postgres_connection.h"

#include <map>
#include <set>
#include <string>
#include <string_view>

namespace dialtone::database {
namespace {

// Tables whose rows have a time, and what an UPDATE must name to move it.
Result<std::string> columns_but_time(Database& database, std::string_view table) {
  std::string columns;
  bool has_time = false;
  DIALTONE_TRY(database.for_each(
      "SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema() "
      "AND table_name = ?1 ORDER BY ordinal_position",
      [&](const Query& row) {
        if (row.text(0) == "changed_s") {
          has_time = true;
        } else {
          columns += (columns.empty() ? "" : ", ") + std::string(row.text(0));
        }
      },
      table));
  return has_time ? columns : std::string();
}

class Triggers {
 public:
  Triggers(std::string schema, std::set<std::string_view> timed)
      : schema_(std::move(schema)), timed_(std::move(timed)) {}

  std::string of(const ChangeTable& table, const std::string& columns) const {
    const std::string name(table.name);
    const bool timed = timed_.contains(table.name);
    return function(name, timed ? log_itself(name) : log_parent(table)) +
           trigger(name, "INSERT", "NEW TABLE AS new_rows", "") +
           // Keeping the time is no change of its own.
           trigger(name, "UPDATE", "OLD TABLE AS old_rows NEW TABLE AS new_rows",
                   timed ? "WHEN (current_setting('dialtone.keeps_time', true) IS DISTINCT FROM "
                           "'on') "
                         : "") +
           trigger(name, "DELETE", "OLD TABLE AS old_rows", "") +
           (timed ? "CREATE TRIGGER dialtone_time BEFORE UPDATE OF " + columns + " ON " + name +
                        " FOR EACH ROW EXECUTE FUNCTION dialtone_keep_time();\n"
                  : "");
  }

  // What all share: the time of a row, and what is known of a log that was trimmed.
  std::string common() const {
    return "CREATE OR REPLACE FUNCTION dialtone_keep_time() RETURNS trigger LANGUAGE plpgsql" +
           settings() + " AS $$ BEGIN NEW.changed_s := unixepoch(); RETURN NEW; END $$;\n" +
           "CREATE OR REPLACE FUNCTION dialtone_note_trimmed() RETURNS trigger LANGUAGE plpgsql" +
           settings() +
           " AS $$ BEGIN UPDATE dialtone_schema SET trimmed = top FROM (SELECT "
           "max(CAST(CAST(xid AS TEXT) AS BIGINT)) AS top FROM old_rows) AS gone "
           "WHERE top > trimmed; RETURN NULL; END $$;\n"
           "CREATE TRIGGER dialtone_delete AFTER DELETE ON change_log "
           "REFERENCING OLD TABLE AS old_rows "
           "FOR EACH STATEMENT EXECUTE FUNCTION dialtone_note_trimmed();\n";
  }

 private:
  std::string settings() const {
    return " SECURITY DEFINER SET search_path = " + schema_ + ", pg_temp";
  }

  // `logs`: statements that set `logged` when they have written a row.
  std::string function(const std::string& table, const std::string& logs) const {
    return "CREATE OR REPLACE FUNCTION dialtone_log_" + table +
           "() RETURNS trigger LANGUAGE plpgsql" + settings() + " AS $$ BEGIN " + logs +
           " IF FOUND THEN PERFORM pg_notify('" + kChangeChannel +
           "', ''); END IF; RETURN NULL; END $$;\n";
  }

  static std::string trigger(const std::string& table, const std::string& op,
                             const std::string& rows, const std::string& when) {
    return "CREATE TRIGGER dialtone_" + op + " AFTER " + op + " ON " + table + " REFERENCING " +
           rows + " FOR EACH STATEMENT " + when + "EXECUTE FUNCTION dialtone_log_" + table +
           "();\n";
  }

  // An id that was given by hand moves the sequence, as it does with SQLite.
  static std::string raise_sequence(const std::string& table) {
    const std::string sequence = "CAST('" + table + "_id_seq' AS regclass)";
    return "PERFORM setval(" + sequence +
           ", top) FROM (SELECT max(id) AS top FROM new_rows) AS given WHERE top > "
           "coalesce(pg_sequence_last_value(" +
           sequence + "), 0); ";
  }

  // One branch for each operation.
  template <typename Body>
  static std::string for_each_operation(Body body) {
    return "IF TG_OP = 'INSERT' THEN " + body("insert") + " ELSIF TG_OP = 'UPDATE' THEN " +
           body("update") + " ELSE " + body("delete") + " END IF;";
  }

  // A row of its own, with the name that it had.
  static std::string log_itself(const std::string& table) {
    const std::string log =
        "INSERT INTO change_log (tbl, row_id, op, old_name) SELECT '" + table + "', ";
    return "IF TG_OP = 'INSERT' THEN " + raise_sequence(table) + log +
           "id, 'insert', NULL FROM new_rows;" + " ELSIF TG_OP = 'UPDATE' THEN " + log +
           "n.id, 'update', CASE WHEN o.name <> n.name THEN o.name END FROM new_rows n "
           "LEFT JOIN old_rows o ON o.id = n.id;" +
           " ELSE " + log + "id, 'delete', name FROM old_rows; END IF;";
  }

  // A shared row's own, or an update of the row that children belong to, once for each.
  std::string log_parent(const ChangeTable& table) const {
    const std::string key(table.key);
    const std::string parent(table.logged_as);
    return for_each_operation([&](const std::string& op) {
      const std::string rows = op == "update"
                                   ? "(SELECT " + key + " FROM new_rows UNION SELECT " + key +
                                         " FROM old_rows) AS both_rows"
                                   : std::string(op == "insert" ? "new_rows" : "old_rows");
      const std::string ids = "SELECT " + key + " FROM " + rows;
      const bool has_id = table.logged_as == table.name;
      return (has_id && op == "insert" ? raise_sequence(parent) : std::string()) +
             (timed_.contains(table.logged_as)
                  ? "PERFORM set_config('dialtone.keeps_time', 'on', true); UPDATE " + parent +
                        " SET changed_s = unixepoch() WHERE id IN (" + ids +
                        ") AND changed_s <> unixepoch(); PERFORM "
                        "set_config('dialtone.keeps_time', '', true); "
                  : std::string()) +
             "INSERT INTO change_log (tbl, row_id, op) SELECT DISTINCT '" + parent + "', " + key +
             ", '" + (has_id ? op : "update") + "' FROM " + rows + ";";
    });
  }

  std::string schema_;
  std::set<std::string_view> timed_;
};

}  // namespace

// Ours alone: an administrator may have some, too.
Result<void> drop_postgres_triggers(Database& database) {
  std::string sql;
  DIALTONE_TRY(database.for_each(
      "SELECT format('DROP TRIGGER %I ON %I;', t.tgname, c.relname) FROM pg_trigger t "
      "JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace "
      "WHERE n.nspname = current_schema() AND NOT t.tgisinternal "
      "AND t.tgname LIKE 'dialtone\\_%'",
      [&](const Query& row) { sql += row.text(0); }));
  return database.execute(sql);
}

Result<void> create_postgres_triggers(Database& database) {
  std::string schema;
  DIALTONE_TRY(database.for_each("SELECT quote_ident(current_schema())",
                                 [&](const Query& row) { schema = row.text(0); }));
  std::set<std::string_view> timed;
  std::map<std::string_view, std::string> columns;
  for (const ChangeTable& table : change_tables()) {
    auto found = columns_but_time(database, table.name);
    if (!found) {
      return found.error();
    }
    if (!found->empty()) {
      timed.insert(table.name);
    }
    columns.emplace(table.name, *std::move(found));
  }
  const Triggers triggers(std::move(schema), std::move(timed));
  std::string sql = triggers.common();
  for (const ChangeTable& table : change_tables()) {
    sql += triggers.of(table, columns[table.name]);
  }
  return database.execute(sql);
}

}  // namespace dialtone::database
