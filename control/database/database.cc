// SPDX-License-Identifier: Apache-2.0
#include "control/database/database.h"

#include "control/database/postgres/postgres_backend.h"
#include "control/database/postgres/postgres_location.h"
#include "control/database/schema.h"
#include "control/database/sqlite/sqlite_backend.h"

namespace dialtone::database {
namespace {

Result<std::unique_ptr<Backend>> connect(const std::string& location, Access access) {
  return is_server(location) ? open_postgres(location, access) : open_sqlite(location, access);
}

}  // namespace

bool is_server(std::string_view location) noexcept {
  return is_postgres_location(location);
}

Result<Database> Database::open(const std::string& location) {
  auto backend = connect(location, Access::kWrite);
  if (!backend) {
    return backend.error();
  }
  Database database(*std::move(backend));
  const auto version = schema_version(database);
  if (!version) {
    return version.error();
  }
  // Before the first row, but not in a file that turned out to be another program's.
  DIALTONE_TRY(database.execute(std::string(database.dialect().begin_use)));
  if (*version != kSchemaVersion) {
    DIALTONE_TRY(bring_to_schema(database));
  }
  return database;
}

Result<Database> Database::open_reader(const std::string& location) {
  auto backend = connect(location, Access::kRead);
  if (!backend) {
    return backend.error();
  }
  Database database(*std::move(backend));
  const auto version = schema_version(database);
  if (!version) {
    return version.error();
  }
  if (*version != kSchemaVersion) {
    return refused("database " + database.name() +
                   (*version == 0 ? " is empty; dialtone-control makes its tables"
                                  : " is of an older version; dialtone-control brings it up"));
  }
  return database;
}

Result<void> Database::execute(const std::string& sql) {
  return backend_->execute(sql);
}

Result<Statement> Database::prepare(std::string_view sql) {
  auto statement = backend_->prepare(sql);
  if (!statement) {
    return statement.error();
  }
  return Statement(*std::move(statement));
}

Result<Statement*> Database::cached(std::string_view sql) {
  auto found = statements_.find(sql);
  if (found == statements_.end()) {
    auto statement = prepare(sql);
    if (!statement) {
      return statement.error();
    }
    found = statements_.emplace(std::string(sql), *std::move(statement)).first;
  }
  return &found->second;
}

// To the end: only there are references checked.
Result<std::int64_t> Database::inserted(Query& query) {
  std::int64_t id = 0;
  DIALTONE_TRY(query.for_each([&](const Query& row) { id = row.integer(0); }));
  return id;
}

Result<Transaction> Transaction::begin(Database& database) {
  return begin(database, database.dialect().begin_write);
}

Result<Transaction> Transaction::begin_read(Database& database) {
  return begin(database, database.dialect().begin_read);
}

Result<Transaction> Transaction::begin(Database& database, std::string_view sql) {
  Transaction transaction(database);
  DIALTONE_TRY(database.execute(std::string(sql)));
  return transaction;
}

Transaction::~Transaction() {
  // SQLite has rolled back by itself after some errors.
  if (database_ != nullptr && database_->in_transaction()) {
    static_cast<void>(database_->execute("ROLLBACK"));
  }
}

Result<void> Transaction::commit() {
  DIALTONE_TRY(database_->execute("COMMIT"));
  database_ = nullptr;
  return {};
}

}  // namespace dialtone::database
