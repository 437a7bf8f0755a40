// SPDX-License-Identifier: Apache-2.0
//
// A prepared statement of SQLite, and what its error codes mean. The thread of its connection.
#pragma once

#include "control/database/backend.h"
#include "dataplane/base/result.h"

#include <sqlite3.h>

#include <string_view>

namespace dialtone::database {

// What `code` of SQLite means for a person: "database PATH: MESSAGE, in: DOING". A lock of another
// process is kTimeout, a constraint or a file that is no database is kRefused.
Error sqlite_error(sqlite3* connection, int code, std::string_view doing);

class SqliteStatement final : public BackendStatement {
 public:
  explicit SqliteStatement(sqlite3_stmt* statement) noexcept : statement_(statement) {}
  SqliteStatement(const SqliteStatement&) = delete;
  SqliteStatement& operator=(const SqliteStatement&) = delete;
  ~SqliteStatement() override { sqlite3_finalize(statement_); }

  void bind_null(int index) override { note(sqlite3_bind_null(statement_, index)); }
  void bind_integer(int index, std::int64_t value) override {
    note(sqlite3_bind_int64(statement_, index, value));
  }
  void bind_text(int index, std::string_view value) override;

  Result<bool> step() override;
  void reset() noexcept override;

  std::string_view text(int column) const noexcept override;
  std::int64_t integer(int column) const noexcept override {
    return sqlite3_column_int64(statement_, column);
  }
  bool is_null(int column) const noexcept override {
    return sqlite3_column_type(statement_, column) == SQLITE_NULL;
  }

 private:
  void note(int code) noexcept { bind_code_ = bind_code_ != SQLITE_OK ? bind_code_ : code; }

  sqlite3_stmt* statement_;
  int bind_code_ = SQLITE_OK;  // of the first value that could not be bound
};

}  // namespace dialtone::database
