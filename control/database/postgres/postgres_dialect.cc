// SPDX-License-Identifier: Apache-2.0
//
// Number of a change: xid, the transaction that wrote it. Sequence numbers are given out before
// the commit, so the row of a slow transaction appears behind ones that were read long ago; all
// transactions below the oldest that still runs are final (generator facts, section 3).
#include "control/database/database.h"
#include "control/database/embedded_schema.h"
#include "control/database/postgres/postgres_backend.h"
#include "control/database/postgres/schema_text.h"

namespace dialtone::database {
namespace {

Result<std::int64_t> number(Database& database, std::string_view sql) {
  const auto value = database.integer(sql);
  if (!value) {
    return value.error();
  }
  return value->value_or(0);
}

Result<std::int64_t> schema_version(Database& database) {
  const auto ours = number(database, "SELECT to_regclass('dialtone_schema') IS NOT NULL");
  if (!ours) {
    return ours.error();
  }
  if (*ours != 0) {
    return number(database, "SELECT version FROM dialtone_schema");
  }
  const auto tables =
      number(database, "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()");
  if (tables.ok() && *tables != 0) {
    return refused("database " + database.name() + " belongs to another program");
  }
  return tables;
}

Result<void> begin_schema(Database& database, std::int64_t from) {
  if (from != 0) {
    return {};
  }
  DIALTONE_TRY(database.execute(std::string(kPostgresFunctionsSql)));
  return database.execute("INSERT INTO dialtone_schema (version) VALUES (0)");
}

// The first rows have ids of their own, which their sequences do not know of.
constexpr const char* kRaiseSequences = R"(
  DO $$
  DECLARE
    one RECORD;
  BEGIN
    FOR one IN SELECT table_name, column_name FROM information_schema.columns
               WHERE table_schema = current_schema() AND is_identity = 'YES' LOOP
      EXECUTE format(
        'SELECT setval(seq, top) FROM (SELECT CAST(pg_get_serial_sequence(%L, %L) AS regclass) AS '
        'seq, (SELECT max(%I) FROM %I) AS top) AS both_of '
        'WHERE top > coalesce(pg_sequence_last_value(seq), 0)',
        one.table_name, one.column_name, one.column_name, one.table_name);
    END LOOP;
  END $$)";

Result<void> end_schema(Database& database, std::int64_t version) {
  DIALTONE_TRY(database.execute(kRaiseSequences));
  DIALTONE_TRY(
      database.execute("CREATE INDEX IF NOT EXISTS change_log_by_xid ON change_log (xid)"));
  return database.run("UPDATE dialtone_schema SET version = ?1", version);
}

constexpr std::string_view kBeginRead = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

Result<void> read_together(const std::string&,
                           std::span<const std::unique_ptr<Database>> connections) {
  std::string moment;
  for (const auto& connection : connections) {
    DIALTONE_TRY(connection->execute(std::string(kBeginRead)));
    if (moment.empty()) {
      DIALTONE_TRY(connection->for_each("SELECT pg_export_snapshot()",
                                        [&](const Query& row) { moment = row.text(0); }));
    } else {
      DIALTONE_TRY(connection->execute("SET TRANSACTION SNAPSHOT '" + moment + "'"));
    }
  }
  return {};
}

}  // namespace

const Dialect kPostgresDialect{
    .begin_use = "",
    // Programs of ours write one after the other, as with SQLite ("Dial"); others' locks are those
    // of their rows.
    // A plan that was made for an empty table would scan it whole once it is full.
    .begin_write =
        "BEGIN; SET LOCAL plan_cache_mode = force_custom_plan; SELECT "
        "pg_advisory_xact_lock(1147756908)",
    .begin_read = kBeginRead,
    .lock_devices = " FOR NO KEY UPDATE OF d",
    .newest_change =
        "SELECT CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS TEXT) AS BIGINT) - 1",
    .changes_between =
        "SELECT tbl, row_id, old_name, seq, at_ms, op FROM change_log "
        "WHERE xid > CAST(CAST(CAST(?1 AS BIGINT) AS TEXT) AS XID8) "
        "AND xid <= CAST(CAST(CAST(?2 AS BIGINT) AS TEXT) AS XID8) ORDER BY xid, seq",
    .log_reaches =
        "SELECT CAST(?1 AS BIGINT) <= CAST(?2 AS BIGINT) AND CAST(?1 AS BIGINT) >= trimmed "
        "FROM dialtone_schema",
    .trim_changes =
        "DELETE FROM change_log WHERE xid <= CAST(CAST(CAST(?1 AS BIGINT) AS TEXT) AS XID8)",
    .schema_version = schema_version,
    .begin_schema = begin_schema,
    .end_schema = end_schema,
    .tables = postgres_tables,
    .drop_triggers = drop_postgres_triggers,
    .create_triggers = create_postgres_triggers,
    .read_together = read_together,
};

}  // namespace dialtone::database
