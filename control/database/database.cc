// SPDX-License-Identifier: Apache-2.0
#include "control/database/database.h"

#include "control/database/schema.h"
#include "dataplane/base/unique_fd.h"

#include <fcntl.h>
#include <sqlite3.h>

#include <sys/stat.h>

#include <cerrno>

namespace dialtone::database {
namespace {

constexpr int kBusyMs = 2000;

// SQLite would make it for everyone to read; the -wal and -shm files take its mode.
Result<void> make_private_file(const std::string& path) {
  const UniqueFd file(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!file.valid() && errno != EEXIST) {
    return errno_error("making the database " + path, errno);
  }
  return {};
}

// SQLite would say "Illegal seek" of a pipe, and of a folder no more.
Result<void> check_is_file(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode)) {
    return refused("the database " + path +
                   " is no regular file; name one, or a path where dialtone-control can make it");
  }
  return {};
}

}  // namespace

void Database::Close::operator()(sqlite3* connection) const noexcept {
  sqlite3_close(connection);
}

Database::Database(std::string path, sqlite3* connection)
    : path_(std::move(path)), connection_(connection) {
  struct stat status {};
  if (::stat(path_.c_str(), &status) == 0) {
    device_ = status.st_dev;
    inode_ = status.st_ino;
  }
}

bool Database::in_place() const noexcept {
  struct stat status {};
  return ::stat(path_.c_str(), &status) == 0 && status.st_dev == device_ && status.st_ino == inode_;
}

Result<Database> Database::connect(const std::string& path, int flags) {
  DIALTONE_TRY(check_is_file(path));
  sqlite3* connection = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &connection,
                                   flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  Database database(path, connection);
  if (code != SQLITE_OK) {
    Error error = sqlite_error(connection, code, "opening " + path);
    const int number = connection == nullptr ? 0 : sqlite3_system_errno(connection);
    return number == 0 ? error : errno_error("opening the database " + path, number);
  }
  sqlite3_busy_timeout(connection, kBusyMs);
  DIALTONE_TRY(database.execute("PRAGMA foreign_keys = ON"));
  return database;
}

Result<Database> Database::open(const std::string& path) {
  DIALTONE_TRY(make_private_file(path));
  auto database = connect(path, SQLITE_OPEN_READWRITE);
  if (!database) {
    return database.error();
  }
  const auto version = schema_version(*database);
  if (!version) {
    return version.error();
  }
  // Before the first row, but not in a file that turned out to be another program's.
  DIALTONE_TRY(database->execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL"));
  if (*version != kSchemaVersion) {
    DIALTONE_TRY(bring_to_schema(*database));
  }
  return database;
}

Result<Database> Database::open_reader(const std::string& path) {
  auto database = connect(path, SQLITE_OPEN_READONLY);
  if (!database) {
    return database.error();
  }
  const auto version = schema_version(*database);
  if (!version) {
    return version.error();
  }
  if (*version != kSchemaVersion) {
    return refused("database " + path +
                   (*version == 0 ? " is empty; dialtone-control makes its tables"
                                  : " is of an older version; dialtone-control brings it up"));
  }
  return database;
}

Result<void> Database::execute(const std::string& sql) {
  const int code = sqlite3_exec(connection_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) {
    return sqlite_error(connection_.get(), code, sql);
  }
  return {};
}

Result<Statement> Database::prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(connection_.get(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK) {
    return sqlite_error(connection_.get(), code, sql);
  }
  return Statement(statement);
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

Result<std::int64_t> Database::data_version() {
  const auto version = integer("PRAGMA data_version");
  if (!version) {
    return version.error();
  }
  return version->value_or(0);
}

std::int64_t Database::last_insert_id() const noexcept {
  return sqlite3_last_insert_rowid(connection_.get());
}

std::int64_t Database::changed_rows() const noexcept {
  return sqlite3_changes64(connection_.get());
}

bool Database::in_transaction() const noexcept {
  return sqlite3_get_autocommit(connection_.get()) == 0;
}

Result<Transaction> Transaction::begin(Database& database) {
  DIALTONE_TRY(database.execute("BEGIN IMMEDIATE"));
  return Transaction(database);
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
