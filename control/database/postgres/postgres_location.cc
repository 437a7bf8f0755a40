// SPDX-License-Identifier: Apache-2.0
#include "control/database/postgres/postgres_location.h"

#include <algorithm>
#include <array>

namespace dialtone::database {
namespace {

// What connection strings begin with, of some forty keywords. A longer list would take more names
// of files.
constexpr auto kKeywords = std::to_array<std::string_view>(
    {"host", "hostaddr", "port", "dbname", "user", "password", "passfile", "service", "sslmode",
     "options", "connect_timeout", "application_name", "target_session_attrs"});

}  // namespace

bool is_postgres_location(std::string_view location) noexcept {
  if (location.starts_with("postgresql://") || location.starts_with("postgres://")) {
    return true;
  }
  const std::size_t end = location.find_first_of(" =");
  if (end == std::string_view::npos) {
    return false;
  }
  const std::size_t equals = location.find_first_not_of(' ', end);
  return equals != std::string_view::npos && location[equals] == '=' &&
         std::find(kKeywords.begin(), kKeywords.end(), location.substr(0, end)) != kKeywords.end();
}

}  // namespace dialtone::database
