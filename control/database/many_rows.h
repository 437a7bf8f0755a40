// SPDX-License-Identifier: Apache-2.0
//
// One statement for many rows: to a server each statement is a round trip, and a turn of the
// triggers of its table. Cold; the thread of the Database.
#pragma once

#include "control/database/database.h"
#include "dataplane/base/result.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dialtone::database {

// At most so many rows, or ids, go into a statement. A device has 22 columns, and SQLite takes
// 32,766 parameters.
inline constexpr std::size_t kRowsAtOnce = 1024;

// Which rows a SELECT is to find, behind the name of their column.
struct Chosen {
  std::string text;  // "IN (?, ?, ...)"
  std::vector<Value> values;
};

// Those with one of `values`, of which there is one at least. The last is there again until there
// are as many as one of few numbers, so that few statements are prepared.
Chosen chosen_of(std::vector<Value> values);

class ManyRows {
 public:
  // The statement before its rows, a row with a ? for each value, and what is behind them. These
  // are literals.
  ManyRows(std::string_view before, std::string_view row, std::string_view after) noexcept
      : before_(before),
        row_(row),
        after_(after),
        columns_(static_cast<std::size_t>(std::ranges::count(row, '?'))) {}

  // Texts, integers, optional integers: as many as the row has.
  template <typename... Values>
  void add(const Values&... values) {
    (values_.push_back(value(values)), ...);
  }

  // Runs the statement for all rows that were added, as often as it takes, calls visit(const
  // Query&) for each row that it returns, and forgets them.
  template <typename Visit>
  Result<void> write(Database& database, Visit visit) {
    for (std::size_t begin = 0; begin < values_.size();) {
      const std::size_t rows = fitting((values_.size() - begin) / columns_);
      const std::span<const Value> some(&values_[begin], rows * columns_);
      auto query = database.query_all(text(rows), some);
      if (!query) {
        return query.error();
      }
      DIALTONE_TRY(query->for_each(visit));
      begin += some.size();
    }
    values_.clear();
    return {};
  }
  Result<void> write(Database& database) {
    return write(database, [](const Query&) {});
  }

 private:
  static Value value(const std::string& text) { return Value(text); }
  static Value value(std::int64_t number) { return Value(number); }
  static Value value(std::uint32_t number) { return Value(std::int64_t{number}); }
  static Value value(std::optional<std::int64_t> number) {
    return number ? Value(*number) : Value();
  }

  static std::size_t fitting(std::size_t rows) noexcept;
  std::string text(std::size_t rows) const;

  std::string_view before_;
  std::string_view row_;
  std::string_view after_;
  std::size_t columns_;
  std::vector<Value> values_;  // of all rows, one behind the other
};

}  // namespace dialtone::database
