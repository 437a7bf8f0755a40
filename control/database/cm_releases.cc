// SPDX-License-Identifier: Apache-2.0
#include "control/database/cm_releases.h"

#include "control/database/text_rules.h"
#include "dataplane/base/printable.h"

#include <algorithm>
#include <limits>

namespace dialtone::database {
namespace {

constexpr std::uint32_t kFirstWithSbd = 8;

// With what stands behind the number left out.
std::string_view first_digits(std::string_view version) {
  return version.substr(0, std::min(version.find_first_not_of("0123456789"), version.size()));
}

}  // namespace

Result<std::uint32_t> major_release(std::string_view version) {
  const auto major = parse_number(first_digits(version), std::numeric_limits<std::uint32_t>::max());
  if (!major) {
    return refused("'" + excerpt(version) +
                   "' is no release of Unified CM; one begins with a number, like 7.1(5) or "
                   "12.5.1");
  }
  return *major;
}

Result<void> check_release(std::string_view version) {
  if (version.empty()) {
    return {};
  }
  const auto major = major_release(version);
  return major ? Result<void>() : Result<void>(major.error());
}

Result<std::vector<CmRelease>> releases_without_sbd(Database& database) {
  std::vector<CmRelease> releases;
  DIALTONE_TRY(database.for_each(
      "SELECT 'server ' || name, version FROM cm_nodes WHERE version <> '' AND id IN "
      "(SELECT m.node_id FROM cm_group_members m "
      "JOIN device_pools p ON p.cm_group_id = m.group_id) "
      "UNION ALL SELECT 'cluster ' || name, version FROM remote_clusters "
      "WHERE version <> '' AND is_enabled = 1 ORDER BY 1",
      [&](const Query& row) {
        // A hand edit may have written anything; what is no release says nothing.
        const auto major = major_release(row.text(1));
        if (major && *major < kFirstWithSbd) {
          releases.push_back({std::string(row.text(0)), std::string(row.text(1))});
        }
      }));
  return releases;
}

}  // namespace dialtone::database
