// SPDX-License-Identifier: Apache-2.0
//
// Reads the columns of a row from left to right into the members of a struct, for the loaders.
#pragma once

#include "control/database/database.h"
#include "dataplane/base/result.h"

#include <concepts>
#include <optional>
#include <string>
#include <string_view>

namespace dialtone::database {

class RowReader {
 public:
  explicit RowReader(const Query& row) noexcept : row_(row) {}

  // One column for each, in order.
  template <typename... Fields>
  void into(Fields&... fields) {
    (read(fields), ...);
  }

  std::string_view text() { return row_.text(column_++); }
  std::int64_t integer() { return row_.integer(column_++); }
  std::optional<std::int64_t> optional_integer() { return row_.optional_integer(column_++); }

 private:
  void read(std::string& field) { field = text(); }
  void read(bool& field) { field = integer() != 0; }
  template <std::unsigned_integral Number>
  void read(Number& field) {
    field = static_cast<Number>(integer());
  }

  const Query& row_;
  int column_ = 0;
};

// Calls visit(RowReader&), which returns a Result<void>, for each row of `sql`.
template <typename Visit>
Result<void> read_rows(Database& database, std::string_view sql, Visit visit) {
  return database.for_each(sql, [&](const Query& row) {
    RowReader reader(row);
    return visit(reader);
  });
}

}  // namespace dialtone::database
