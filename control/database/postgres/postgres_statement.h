// SPDX-License-Identifier: Apache-2.0
//
// A prepared statement of PostgreSQL. Prepared when it is first stepped, and again in a new
// session. Values go as text, rows come in binary form and whole: a build reads ranges of some
// hundred devices, so that a row is a pointer into the answer and nothing is copied. The thread of
// its connection.
#pragma once

#include "control/database/backend.h"
#include "control/database/postgres/postgres_connection.h"
#include "dataplane/base/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace dialtone::database {

class PostgresStatement final : public BackendStatement {
 public:
  // `changed` is where the number of rows that were written goes.
  PostgresStatement(PostgresConnection& connection, std::string_view sql, std::int64_t& changed);

  void bind_null(int index) override;
  void bind_integer(int index, std::int64_t value) override;
  void bind_text(int index, std::string_view value) override;

  Result<bool> step() override;
  void reset() noexcept override;

  std::string_view text(int column) const noexcept override;
  std::int64_t integer(int column) const noexcept override;
  bool is_null(int column) const noexcept override {
    return PQgetisnull(result_.get(), row_, column) != 0;
  }

 private:
  struct Parameter {
    std::string text;
    bool is_null = true;
  };

  Parameter& parameter(int index);
  Result<void> run();
  Result<void> prepare();
  Result<void> check_types();

  PostgresConnection& connection_;
  std::int64_t& changed_;
  const std::string sql_;
  const std::string name_;
  std::uint64_t session_ = 0;  // in which it is prepared; 0: in none
  std::vector<Parameter> parameters_;
  std::vector<const char*> pointers_;
  bool has_bad_text_ = false;
  PostgresResult result_;
  int row_ = -1;
  int rows_ = 0;
  std::vector<bool> is_text_;    // of each column
  mutable std::string as_text_;  // of an integer that is read as a text
};

}  // namespace dialtone::database
