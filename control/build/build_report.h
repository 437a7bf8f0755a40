// SPDX-License-Identifier: Apache-2.0
//
// What a build did: for logs, and for whoever asked for it. Plain data.
#pragma once

#include "dataplane/base/diagnostic.h"

#include <cstddef>
#include <cstdint>

namespace dialtone::build {

struct BuildReport {
  bool full = false;
  std::size_t devices = 0;  // rendered
  std::size_t files = 0;    // new, different or gone
  std::uint64_t build_us = 0;
  Diagnostics faults{};  // what it found that is not served as it should be
};

// Of all full builds since the start that came to their end.
struct FullBuilds {
  std::uint64_t count = 0;
  std::uint64_t last_us = 0;
};

}  // namespace dialtone::build
