// SPDX-License-Identifier: Apache-2.0
//
// The counters of Cisco's performance object "Cisco TFTP" that are of builds, which the dataplane
// does not know (those of requests: dataplane/abi/cisco_counters.h). docs/reference.md has the
// table. Cold.
#pragma once

#include "control/build/builder.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace dialtone::daemon {

struct BuildCounter {
  std::string_view name;
  std::string_view help;
  std::uint64_t value;
};

// In the order of the alphabet, before all of the dataplane's.
std::vector<BuildCounter> build_counters(const build::Builder& builder);

}  // namespace dialtone::daemon
