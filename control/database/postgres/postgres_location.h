// SPDX-License-Identifier: Apache-2.0
//
// Which values of `database` name a PostgreSQL server. Any thread.
#pragma once

#include <string_view>

namespace dialtone::database {

// "postgresql://...", "postgres://...", or "host=... dbname=...": the first word is a keyword of
// libpq and '='. All else is the path of a file ("./host=a" where a file is called that).
bool is_postgres_location(std::string_view location) noexcept;

}  // namespace dialtone::database
