// SPDX-License-Identifier: Apache-2.0
//
// A connection to the device database, and a transaction on one. One thread at a time; other
// connections and processes may use the database meanwhile. Cold; blocks on the disk or the server,
// and for up to two seconds on a lock of another connection. What it is kept in is behind Backend.
#pragma once

#include "control/database/backend.h"
#include "control/database/statement.h"
#include "dataplane/base/result.h"

#include <chrono>
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
  // For reading and writing. A location is "postgresql://...", or "host=... dbname=..." as libpq
  // reads it; all else is the path of a SQLite file. Makes the tables and their first rows, and the
  // file, when they are missing.
  static Result<Database> open(const std::string& location);

  // For reading only, of one that is there.
  static Result<Database> open_reader(const std::string& location);

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

  // The same for an INSERT of one row with "RETURNING id": that id.
  template <typename... Values>
  Result<std::int64_t> insert(std::string_view sql, const Values&... values) {
    auto query = this->query(sql, values...);
    return query ? inserted(*query) : Result<std::int64_t>(query.error());
  }
  Result<std::int64_t> insert_all(std::string_view sql, std::span<const Value> values) {
    auto query = query_all(sql, values);
    return query ? inserted(*query) : Result<std::int64_t>(query.error());
  }

  // False when the file at name() is gone, or another one: what is written here is lost to whoever
  // opens that path. One stat(). Always true of a server.
  bool in_place() const noexcept { return backend_->in_place(); }

  // Following what others write: how often to look, and what makes a look due at once: wake_fd() is
  // to be polled for reading (-1: there is nothing to poll), take_news() then called.
  std::chrono::milliseconds look_every() const noexcept { return backend_->look_every(); }
  int wake_fd() const noexcept { return backend_->wake_fd(); }
  bool take_news() noexcept { return backend_->take_news(); }
  bool has_news() const noexcept { return backend_->has_news(); }

  // Somebody waits: where a server is gone, the next use tries to connect, though it is not due, if
  // the last try was a second ago.
  void hurry() noexcept { backend_->hurry(); }

  // Changes when another connection has committed; with PostgreSQL now and then without. 0.9 us, or
  // a round trip.
  Result<std::int64_t> data_version() { return backend_->data_version(); }

  // By the last statement, without its triggers.
  std::int64_t changed_rows() const noexcept { return backend_->changed_rows(); }
  bool in_transaction() const noexcept { return backend_->in_transaction(); }
  // Where it is, for messages: never with a password.
  const std::string& name() const noexcept { return backend_->name(); }
  const Dialect& dialect() const noexcept { return backend_->dialect(); }

 private:
  explicit Database(std::unique_ptr<Backend> backend) noexcept : backend_(std::move(backend)) {}
  Result<Statement*> cached(std::string_view sql);
  static Result<std::int64_t> inserted(Query& query);

  std::unique_ptr<Backend> backend_;
  // Behind the connection, since statements are finalised before it closes.
  std::map<std::string, Statement, std::less<>> statements_;
};

// True of what Database::open() takes for a server, which needs no folder and is no file.
bool is_server(std::string_view location) noexcept;

// Rolls back unless it was committed.
class Transaction {
 public:
  // Takes the right to write at once.
  static Result<Transaction> begin(Database& database);
  // All reads see one moment; nothing may be written.
  static Result<Transaction> begin_read(Database& database);
  Transaction(Transaction&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();

  Result<void> commit();

 private:
  explicit Transaction(Database& database) noexcept : database_(&database) {}
  static Result<Transaction> begin(Database& database, std::string_view sql);
  Database* database_;
};

}  // namespace dialtone::database
