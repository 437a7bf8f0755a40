// SPDX-License-Identifier: Apache-2.0
//
// The schema is written in SQLite's words, so most of this is as it stands there. The version is in
// the file's header. Number of a change: seq of change_log.
#include "control/database/database.h"
#include "control/database/sqlite/sqlite_backend.h"

namespace dialtone::database {
namespace {

constexpr std::int64_t kApplicationId = 0x4469616c;  // "Dial", for file(1)

Result<std::int64_t> number(Database& database, std::string_view sql) {
  const auto value = database.integer(sql);
  if (!value) {
    // The first read of a file that is none of SQLite's.
    return value.error().code == ErrorCode::kRefused
               ? refused("database " + database.name() + " is no SQLite database")
               : value.error();
  }
  return value->value_or(0);
}

Result<std::int64_t> schema_version(Database& database) {
  const auto tables = number(database, "SELECT count(*) FROM sqlite_schema");
  if (!tables) {
    return tables.error();
  }
  const auto application = number(database, "PRAGMA application_id");
  if (!application) {
    return application.error();
  }
  if (*application == 0 && *tables == 0) {
    return 0;
  }
  if (*application != kApplicationId) {
    return refused("database " + database.name() + " belongs to another program");
  }
  return number(database, "PRAGMA user_version");
}

Result<void> begin_schema(Database&, std::int64_t) {
  return {};
}

Result<void> end_schema(Database& database, std::int64_t version) {
  DIALTONE_TRY(database.execute("PRAGMA application_id = " + std::to_string(kApplicationId)));
  return database.execute("PRAGMA user_version = " + std::to_string(version));
}

std::string tables(std::string_view schema) {
  return std::string(schema);
}

// Debian's SQLite has no snapshot calls; instead the write lock is held for the microseconds in
// which all of them begin to read.
Result<void> read_together(const std::string& location,
                           std::span<const std::unique_ptr<Database>> connections) {
  auto writer = Database::open(location);
  if (!writer) {
    return writer.error();
  }
  // Rolls back at the end; until then nobody can commit.
  const auto lock = Transaction::begin(*writer);
  if (!lock) {
    return lock.error();
  }
  for (const auto& connection : connections) {
    DIALTONE_TRY(connection->execute("BEGIN"));
    // BEGIN alone reads nothing: the first SELECT fixes the moment.
    DIALTONE_TRY(connection->run("SELECT 1 FROM change_log LIMIT 1"));
  }
  return {};
}

}  // namespace

const Dialect kSqliteDialect{
    .begin_use = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL",
    .begin_write = "BEGIN IMMEDIATE",
    .begin_read = "BEGIN",
    .newest_change = "SELECT seq FROM sqlite_sequence WHERE name = 'change_log'",
    .changes_between =
        "SELECT tbl, row_id, old_name, seq, at_ms, op FROM change_log "
        "WHERE seq > ?1 AND seq <= ?2 ORDER BY seq",
    // A number from the future is one of another database.
    .log_reaches = "SELECT ?1 = ?2 OR (?1 < ?2 AND (SELECT min(seq) FROM change_log) <= ?1 + 1)",
    .trim_changes = "DELETE FROM change_log WHERE seq <= ?1",
    .schema_version = schema_version,
    .begin_schema = begin_schema,
    .end_schema = end_schema,
    .tables = tables,
    .drop_triggers = drop_sqlite_triggers,
    .create_triggers = create_sqlite_triggers,
    .read_together = read_together,
};

}  // namespace dialtone::database
    .lock_devices = "",
