// SPDX-License-Identifier: Apache-2.0
//
// The texts of schema_1.sql and those behind it, put into the library by scripts/embed-files.py at
// build time.
#pragma once

#include <string_view>

namespace dialtone::database {

extern const std::string_view kSchema1Sql;
extern const std::string_view kSchema2Sql;
extern const std::string_view kSchema3Sql;
extern const std::string_view kSchema4Sql;
extern const std::string_view kSchema5Sql;
extern const std::string_view kPostgresFunctionsSql;  // postgres/postgres_functions.sql

}  // namespace dialtone::database
