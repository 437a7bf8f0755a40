// SPDX-License-Identifier: Apache-2.0
//
// One prepared SQLite statement and its errors. One thread at a time, that of its Database, which
// it must not outlive. Cold to prepare; stepping through rows is the inner loop of a build, so
// columns are read as views.
#pragma once

#include "dataplane/base/result.h"

#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

struct sqlite3;
struct sqlite3_stmt;

namespace dialtone::database {

// What `code` of SQLite means for a person: "database PATH: MESSAGE, in: DOING". A lock of another
// process is kTimeout, a constraint or a file that is no database is kRefused.
Error sqlite_error(sqlite3* connection, int code, std::string_view doing);

// NULL, an integer or a text, where a statement is put together at run time. No std::variant: moves
// of one with a string make g++ 12 warn.
struct Value {
  enum class Kind { kNull, kInteger, kText };

  Value() = default;
  explicit Value(std::int64_t number) : kind(Kind::kInteger), integer(number) {}
  explicit Value(std::string string) : kind(Kind::kText), text(std::move(string)) {}
  friend auto operator<=>(const Value&, const Value&) = default;

  Kind kind = Kind::kNull;
  std::int64_t integer = 0;
  std::string text;
};

class Statement {
 public:
  explicit Statement(sqlite3_stmt* statement) noexcept : statement_(statement) {}
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&&) = delete;
  ~Statement();

  // Forgets rows and values and binds `values` to ?1, ?2 ...: texts, integers, optional integers.
  // Texts are copied. A value that cannot be bound is reported by step().
  template <typename... Values>
  void start(const Values&... values) {
    reset();
    int index = 0;
    (bind(++index, values), ...);
  }

  void start_all(std::span<const Value> values) {
    reset();
    int index = 0;
    for (const Value& value : values) {
      bind(++index, value);
    }
  }

  // True: there is a row, whose views are good until the next call. False: it has ended, and stays
  // so until start() (SQLite itself would begin again).
  Result<bool> step();

  // To the end, for what gives no rows.
  Result<void> run();

  // Gives up the rows, and with them the read transaction they hold open.
  void reset() noexcept;

  std::string_view text(int column) const noexcept;  // empty for NULL
  std::int64_t integer(int column) const noexcept;   // 0 for NULL
  std::optional<std::int64_t> optional_integer(int column) const noexcept;

 private:
  void bind(int index, std::string_view value) noexcept;
  void bind(int index, const std::string& value) noexcept { bind(index, std::string_view(value)); }
  void bind(int index, const char* value) noexcept { bind(index, std::string_view(value)); }
  void bind(int index, std::int64_t value) noexcept;
  void bind(int index, std::uint32_t value) noexcept { bind(index, std::int64_t{value}); }
  void bind(int index, int value) noexcept { bind(index, std::int64_t{value}); }
  void bind(int index, std::optional<std::int64_t> value) noexcept;

  void bind(int index, const Value& value) noexcept;

  sqlite3_stmt* statement_;
  int bind_code_ = 0;
  bool done_ = false;
};

// A statement of a Database's cache in use: gives up its rows when it goes.
class Query {
 public:
  explicit Query(Statement& statement) noexcept : statement_(&statement) {}
  Query(Query&& other) noexcept : statement_(std::exchange(other.statement_, nullptr)) {}
  Query& operator=(Query&&) = delete;
  ~Query() {
    if (statement_ != nullptr) {
      statement_->reset();
    }
  }

  Result<bool> step() { return statement_->step(); }
  // Calls visit(const Query&) for each row. It gives nothing, or a Result<void> whose Error ends
  // it.
  template <typename Visit>
  Result<void> for_each(Visit visit) {
    for (;;) {
      const auto row = step();
      if (!row) {
        return row.error();
      }
      if (!*row) {
        return {};
      }
      if constexpr (std::is_void_v<std::invoke_result_t<Visit, const Query&>>) {
        visit(std::as_const(*this));
      } else {
        DIALTONE_TRY(visit(std::as_const(*this)));
      }
    }
  }
  Result<void> run() { return statement_->run(); }
  std::string_view text(int column) const noexcept { return statement_->text(column); }
  std::int64_t integer(int column) const noexcept { return statement_->integer(column); }
  std::optional<std::int64_t> optional_integer(int column) const noexcept {
    return statement_->optional_integer(column);
  }

 private:
  Statement* statement_;
};

}  // namespace dialtone::database
