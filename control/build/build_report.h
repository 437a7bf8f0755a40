// SPDX-License-Identifier: Apache-2.0
//
// What a build did: for logs, and for whoever asked for it. Plain data.
#pragma once

#include "dataplane/base/diagnostic.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace dialtone::build {

struct BuildReport {
  bool full = false;
  std::size_t devices = 0;  // rendered
  std::size_t files = 0;    // new, different or gone
  // Made anew: of devices all that were rendered, of shared rows those that differ.
  std::size_t rebuilt = 0;
  std::uint64_t build_us = 0;
  Diagnostics faults{};  // what it found that is not served as it should be
  std::string change{};  // its number for `dialtone change trace`; empty: it took nothing
};

// Of all full builds since the start that came to their end.
struct FullBuilds {
  std::uint64_t count = 0;
  std::uint64_t last_us = 0;
};

}  // namespace dialtone::build
