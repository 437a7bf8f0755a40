// SPDX-License-Identifier: Apache-2.0
//
// Releases of Unified CM that phones register with, and what they lack. Cold; the thread of the
// Database.
#pragma once

#include "control/database/database.h"
#include "dataplane/base/result.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dialtone::database {

// What stands in front of the first dot: 7 of "7.1(5)". Empty or no release: refused.
Result<std::uint32_t> major_release(std::string_view version);

// Empty, where nobody knows it, or one that begins with a number.
Result<void> check_release(std::string_view version);

struct CmRelease {
  std::string who;  // "server cm-a", "cluster b"
  std::string version;
};

// Those that are known to have no security by default (before 8.0): servers of the groups of device
// pools, and remote clusters that are enabled. By name.
Result<std::vector<CmRelease>> releases_without_sbd(Database& database);

}  // namespace dialtone::database
