// SPDX-License-Identifier: Apache-2.0
#include "control/database/postgres/postgres_statement.h"

#include "control/database/postgres/schema_text.h"

#include <charconv>
#include <cstring>

namespace dialtone::database {
namespace {

// Object ids of types, fixed in PostgreSQL's catalogue (src/include/catalog/pg_type.dat).
enum : Oid {
  kBool = 16,
  kName = 19,
  kInt8 = 20,
  kInt2 = 21,
  kInt4 = 23,
  kText = 25,
  kUnknown = 705,
  kVarchar = 1043,
};

bool is_text_type(Oid type) noexcept {
  return type == kText || type == kVarchar || type == kName || type == kUnknown;
}

bool is_integer_type(Oid type) noexcept {
  return type == kInt8 || type == kInt4 || type == kInt2 || type == kBool;
}

// Binary integers are in network order.
template <typename Number>
std::int64_t from_network(const char* bytes) noexcept {
  std::make_unsigned_t<Number> value;
  std::memcpy(&value, bytes, sizeof(value));
  if constexpr (sizeof(Number) == 8) {
    value = __builtin_bswap64(value);
  } else if constexpr (sizeof(Number) == 4) {
    value = __builtin_bswap32(value);
  } else {
    value = __builtin_bswap16(value);
  }
  return static_cast<Number>(value);
}

}  // namespace

PostgresStatement::PostgresStatement(PostgresConnection& connection, std::string_view sql,
                                     std::int64_t& changed)
    : connection_(connection),
      changed_(changed),
      sql_(with_dollar_parameters(sql)),
      name_(connection.next_statement_name()) {}

PostgresStatement::Parameter& PostgresStatement::parameter(int index) {
  const auto at = static_cast<std::size_t>(index);
  if (parameters_.size() < at) {
    parameters_.resize(at);
  }
  return parameters_[at - 1];
}

void PostgresStatement::bind_null(int index) {
  parameter(index).is_null = true;
}

void PostgresStatement::bind_integer(int index, std::int64_t value) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof(digits), value).ptr;
  bind_text(index, {digits, static_cast<std::size_t>(end - digits)});
}

void PostgresStatement::bind_text(int index, std::string_view value) {
  Parameter& to = parameter(index);
  to.text = value;
  to.is_null = false;
  has_bad_text_ = has_bad_text_ || value.find('\0') != std::string_view::npos;
}

Result<bool> PostgresStatement::step() {
  if (result_ == nullptr) {
    DIALTONE_TRY(run());
  }
  return ++row_ < rows_;
}

Result<void> PostgresStatement::run() {
  if (has_bad_text_) {
    return refused("database " + connection_.name() + " takes no text with a zero byte");
  }
  DIALTONE_TRY(connection_.ensure());
  DIALTONE_TRY(prepare());
  pointers_.clear();
  for (const Parameter& each : parameters_) {
    pointers_.push_back(each.is_null ? nullptr : each.text.c_str());
  }
  constexpr int kBinary = 1;
  auto result = connection_.check(
      PQexecPrepared(connection_.get(), name_.c_str(), static_cast<int>(pointers_.size()),
                     pointers_.data(), nullptr, nullptr, kBinary),
      sql_);
  if (!result) {
    return result.error();
  }
  result_ = *std::move(result);
  rows_ = PQntuples(result_.get());
  row_ = -1;
  const std::string_view count = PQcmdTuples(result_.get());
  changed_ = 0;
  std::from_chars(count.data(), count.data() + count.size(), changed_);
  return check_types();
}

Result<void> PostgresStatement::prepare() {
  if (session_ == connection_.session()) {
    return {};
  }
  auto prepared = connection_.check(
      PQprepare(connection_.get(), name_.c_str(), sql_.c_str(), 0, nullptr), sql_);
  if (!prepared) {
    return prepared.error();
  }
  session_ = connection_.session();
  return {};
}

// Another type, as numeric of a sum, has to be cast in the statement.
Result<void> PostgresStatement::check_types() {
  const int columns = PQnfields(result_.get());
  is_text_.clear();
  for (int column = 0; column < columns; ++column) {
    const Oid type = PQftype(result_.get(), column);
    if (!is_text_type(type) && !is_integer_type(type)) {
      return failed("database " + connection_.name() + ": column " + std::to_string(column) +
                    " is neither a text nor an integer, in: " + sql_);
    }
    is_text_.push_back(is_text_type(type));
  }
  return {};
}

void PostgresStatement::reset() noexcept {
  result_.reset();
  row_ = -1;
  rows_ = 0;
  has_bad_text_ = false;
  for (Parameter& each : parameters_) {
    each.is_null = true;
  }
}

std::string_view PostgresStatement::text(int column) const noexcept {
  if (is_text_[static_cast<std::size_t>(column)]) {
    return {PQgetvalue(result_.get(), row_, column),
            static_cast<std::size_t>(PQgetlength(result_.get(), row_, column))};
  }
  as_text_ = is_null(column) ? std::string() : std::to_string(integer(column));
  return as_text_;
}

std::int64_t PostgresStatement::integer(int column) const noexcept {
  const char* bytes = PQgetvalue(result_.get(), row_, column);
  switch (is_text_[static_cast<std::size_t>(column)] ? 0
                                                     : PQgetlength(result_.get(), row_, column)) {
    case 8:
      return from_network<std::int64_t>(bytes);
    case 4:
      return from_network<std::int32_t>(bytes);
    case 2:
      return from_network<std::int16_t>(bytes);
    case 1:
      return *bytes != 0;
    default:
      return 0;
  }
}

}  // namespace dialtone::database
