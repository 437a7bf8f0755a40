// SPDX-License-Identifier: Apache-2.0
#include "control/database/sqlite/sqlite_statement.h"

namespace dialtone::database {
namespace {

// Enough to tell statements apart; the whole text would bury the message.
std::string shortened(std::string_view doing) {
  constexpr std::size_t kMost = 80;
  return doing.size() <= kMost ? std::string(doing) : std::string(doing.substr(0, kMost)) + " ...";
}

}  // namespace

Error sqlite_error(sqlite3* connection, int code, std::string_view doing) {
  const char* file = connection == nullptr ? nullptr : sqlite3_db_filename(connection, "main");
  const std::string path = file == nullptr || *file == '\0' ? "" : " " + std::string(file);
  const std::string why = connection == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(connection);
  // What a person can do something about; the statement would only be in the way.
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {ErrorCode::kTimeout,
              "database" + path + " is locked by another process; try again when that is done"};
    case SQLITE_PERM:
    case SQLITE_READONLY:
      return {ErrorCode::kPermission,
              "database" + path + " cannot be written: " + why +
                  "; let the user of dialtone-control write the file and its folder"};
    case SQLITE_FULL:
      return failed("database" + path + ": the disk is full; make room, then try again");
    case SQLITE_IOERR:
      return failed("database" + path + ": " + why + "; the kernel's log says what the disk has");
    case SQLITE_CORRUPT:
      return failed("database" + path + " is damaged (" + why + "); put a backup in its place");
    default:
      break;
  }
  const bool is_refusal = (code & 0xff) == SQLITE_CONSTRAINT || (code & 0xff) == SQLITE_NOTADB;
  return {is_refusal ? ErrorCode::kRefused : ErrorCode::kFailed,
          "database" + path + ": " + why + ", in: " + shortened(doing)};
}

void SqliteStatement::bind_text(int index, std::string_view value) {
  // A view without bytes would bind NULL.
  const char* bytes = value.data() == nullptr ? "" : value.data();
  note(sqlite3_bind_text64(statement_, index, bytes, value.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
}

Result<bool> SqliteStatement::step() {
  const int code = bind_code_ != SQLITE_OK ? bind_code_ : sqlite3_step(statement_);
  if (code == SQLITE_ROW) {
    return true;
  }
  if (code == SQLITE_DONE) {
    return false;
  }
  return sqlite_error(sqlite3_db_handle(statement_), code, sqlite3_sql(statement_));
}

void SqliteStatement::reset() noexcept {
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
  bind_code_ = SQLITE_OK;
}

// Many texts are empty, and take one call. The size may be asked for first where it is of UTF-8.
std::string_view SqliteStatement::text(int column) const noexcept {
  const int size = sqlite3_column_bytes(statement_, column);
  const unsigned char* bytes = size == 0 ? nullptr : sqlite3_column_text(statement_, column);
  return bytes == nullptr ? std::string_view()
                          : std::string_view(reinterpret_cast<const char*>(bytes),
                                             static_cast<std::size_t>(size));
}

}  // namespace dialtone::database
