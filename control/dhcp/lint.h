// SPDX-License-Identifier: Apache-2.0
//
// Where the configuration of a DHCP server leads phones astray (cisco-tftp 12.1, features 51 to 64,
// 80 and 119). Pure functions; any thread.
#pragma once

#include "control/dhcp/scopes.h"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace dialtone::dhcp {

struct Finding {
  std::string code{};   // "66-and-150"
  std::string scope{};  // its name
  std::size_t line = 0;
  std::string text{};  // what is wrong, and the cure
};

struct Lint {
  std::size_t scopes = 0;
  std::size_t scopes_wrong = 0;  // phones there find no server, or another one
  std::vector<Finding> findings{};
};

// `servers`: those that phones should be led to, first to last; none: any.
Lint lint(const Configuration& configuration, std::span<const IpAddress> servers);

}  // namespace dialtone::dhcp
