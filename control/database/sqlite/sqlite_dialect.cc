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

using Connections = std::span<const std::unique_ptr<Database>>;

Result<void> begin_all(Connections connections) {
  for (const auto& connection : connections) {
    DIALTONE_TRY(connection->execute("BEGIN"));
    // BEGIN alone reads nothing: the first SELECT fixes the moment.
    DIALTONE_TRY(connection->run("SELECT 1 FROM change_log LIMIT 1"));
  }
  return {};
}

// Nobody can commit while they begin.
Result<void> read_together_locked(const std::string& location, Connections connections) {
  auto writer = Database::open(location);
  if (!writer) {
    return writer.error();
  }
  const auto lock = Transaction::begin(*writer);
  if (!lock) {
    return lock.error();
  }
  return begin_all(connections);
}

// Debian's SQLite has no snapshot calls. A connection beside them sees whether anybody has
// committed in the microseconds in which they begin, and needs no lock for it: an import may hold
// that for seconds.
Result<void> read_together(const std::string& location, Connections connections) {
  constexpr int kTries = 20;
  auto watch = Database::open_reader(location);
  if (!watch) {
    return watch.error();
  }
  const auto version = [&] { return watch->integer("PRAGMA data_version"); };
  for (int i = 0; i < kTries; ++i) {
    const auto before = version();
    DIALTONE_TRY(begin_all(connections));
    const auto after = version();
    if (!before || !after) {
      return before ? after.error() : before.error();
    }
    if (*before == *after) {
      return {};
    }
    for (const auto& connection : connections) {
      DIALTONE_TRY(connection->execute("ROLLBACK"));
    }
  }
  return read_together_locked(location, connections);
}

}  // namespace

const Dialect kSqliteDialect{
    .begin_use = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL",
    .begin_write = "BEGIN IMMEDIATE",
    .begin_read = "BEGIN",
    .lock_devices = "",
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
