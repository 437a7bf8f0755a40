// SPDX-License-Identifier: Apache-2.0
//
// A connection to the device database, and a transaction on one. One thread at a time (SQLite is
// opened without its own locks); other connections and processes may use the file meanwhile. Cold;
// blocks on the disk, and for up to two seconds on a lock of another connection.
#pragma once

#include "control/database/statement.h"
#include "dataplane/base/result.h"

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace dialtone::database {

class Database {
 public:
  // For reading and writing. Makes the file, for its owner alone since it holds digest credentials,
  // with its tables and first rows when it is missing or empty.
  static Result<Database> open(const std::string& path);

  // For reading only, of a file that is there.
  static Result<Database> open_reader(const std::string& path);

  // One or more statements that give no rows.
  Result<void> execute(const std::string& sql);

  Result<Statement> prepare(std::string_view sql);

  // A statement out of the connection's cache with `values` bound, to be stepped. The same text
  // must not be in use twice at once.
  template <typename... Values>
  Result<Query> query(std::string_view sql, const Values&... values) {
    auto statement = cached(sql);
    if (!statement) {
      return statement.error();
    }
    (*statement)->start(values...);
    return Query(**statement);
  }

  // The same, and visit(const Query&) for each row; what Query::for_each says.
  template <typename Visit, typename... Values>
  Result<void> for_each(std::string_view sql, Visit visit, const Values&... values) {
    auto query = this->query(sql, values...);
    return query ? query->for_each(std::move(visit)) : Result<void>(query.error());
  }

  Result<Query> query_all(std::string_view sql, std::span<const Value> values) {
    auto statement = cached(sql);
    if (!statement) {
      return statement.error();
    }
    (*statement)->start_all(values);
    return Query(**statement);
  }

  // The same for what gives no rows.
  template <typename... Values>
  Result<void> run(std::string_view sql, const Values&... values) {
    auto query = this->query(sql, values...);
    return query ? query->run() : Result<void>(query.error());
  }

  // The same for one integer; nothing when there is no row, or NULL.
  template <typename... Values>
  Result<std::optional<std::int64_t>> integer(std::string_view sql, const Values&... values) {
    auto query = this->query(sql, values...);
    if (!query) {
      return query.error();
    }
    const auto row = query->step();
    if (!row) {
      return row.error();
    }
    return *row ? query->optional_integer(0) : std::nullopt;
  }

  // False when the file at path() is gone, or another one: what is written here is lost to whoever
  // opens that path. One stat().
  bool in_place() const noexcept;

  // Changes when another connection has committed, and only then. 0.9 us.
  Result<std::int64_t> data_version();

  std::int64_t last_insert_id() const noexcept;
  std::int64_t changed_rows() const noexcept;  // by the last statement, without its triggers
  bool in_transaction() const noexcept;
  const std::string& path() const noexcept { return path_; }

 private:
  struct Close {
    void operator()(sqlite3* connection) const noexcept;
  };

  Database(std::string path, sqlite3* connection);
  static Result<Database> connect(const std::string& path, int flags);
  Result<Statement*> cached(std::string_view sql);

  std::string path_;
  dev_t device_ = 0;
  ino_t inode_ = 0;
  std::unique_ptr<sqlite3, Close> connection_;
  // Behind the connection, since statements are finalised before it closes.
  std::map<std::string, Statement, std::less<>> statements_;
};

// BEGIN IMMEDIATE: takes the write lock at once. Rolls back unless it was committed.
class Transaction {
 public:
  static Result<Transaction> begin(Database& database);
  Transaction(Transaction&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();

  Result<void> commit();

 private:
  explicit Transaction(Database& database) noexcept : database_(&database) {}
  Database* database_;
};

}  // namespace dialtone::database
