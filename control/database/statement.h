// SPDX-License-Identifier: Apache-2.0
//
// One prepared statement. One thread at a time, that of its Database, which it must not outlive.
// Cold to prepare; stepping through rows is the inner loop of a build, so columns are read as
// views.
#pragma once

#include "control/database/backend.h"
#include "dataplane/base/result.h"

#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace dialtone::database {

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
  explicit Statement(std::unique_ptr<BackendStatement> statement) noexcept
      : statement_(std::move(statement)) {}

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

  std::string_view text(int column) const noexcept { return statement_->text(column); }
  std::int64_t integer(int column) const noexcept { return statement_->integer(column); }
  std::optional<std::int64_t> optional_integer(int column) const noexcept {
    return statement_->is_null(column) ? std::nullopt : std::optional(integer(column));
  }

 private:
  void bind(int index, std::string_view value) { statement_->bind_text(index, value); }
  void bind(int index, const std::string& value) { bind(index, std::string_view(value)); }
  void bind(int index, const char* value) { bind(index, std::string_view(value)); }
  void bind(int index, std::int64_t value) { statement_->bind_integer(index, value); }
  void bind(int index, std::uint32_t value) { bind(index, std::int64_t{value}); }
  void bind(int index, int value) { bind(index, std::int64_t{value}); }
  void bind(int index, std::optional<std::int64_t> value);
  void bind(int index, const Value& value);

  std::unique_ptr<BackendStatement> statement_;
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
