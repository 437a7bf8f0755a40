// SPDX-License-Identifier: Apache-2.0
//
// What the configuration of a DHCP server says to phones, scope by scope: of ISC dhcpd, Kea,
// dnsmasq or Cisco IOS. Only what leads to a TFTP server is read (cisco-tftp 12.2). Pure functions;
// any thread.
#pragma once

#include "control/dhcp/snippet.h"
#include "dataplane/base/result.h"

#include <cstddef>
#include <string>
#include <vector>

namespace dialtone::dhcp {

// As a client in it would hear it; texts as they stand there.
struct Scope {
  std::string name{};    // "10.0.0.0/24", "PHONES"
  std::size_t line = 0;  // of the file; 0: of Kea, whose JSON has none
  std::vector<std::string> option150{};
  std::string option66{};
  std::string sname{};
  std::string next_server{};
};

struct Configuration {
  ServerKind kind = ServerKind::kIsc;
  std::vector<Scope> scopes{};
  // Option 150 is defined as one address, so that a second one is refused or lost.
  bool is_single_address = false;
};

// The kind is told by what stands in it. kRefused: it is of none of them, with the line where that
// is known, or it has no scope.
Result<Configuration> read_scopes(const std::string& text);

}  // namespace dialtone::dhcp
