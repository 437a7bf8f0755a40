// SPDX-License-Identifier: Apache-2.0
//
// The checklists of Cisco's chapters: of the TFTP service (activate, set parameters, change files)
// and of a proxy TFTP (addresses, CTL, TVL, files, restart, DHCP), each step as it is found, not as
// somebody says that it is. One thread; reads the database.
#pragma once

#include "control/daemon/service.h"

#include <string>
#include <string_view>
#include <vector>

namespace dialtone::daemon {

struct SetupStep {
  std::string_view id;
  std::string_view title;
  bool done = false;
  bool optional = false;            // nobody has to
  std::string found;                // one line
  std::vector<std::string> cure{};  // commands, or what to do; none for what is done
};

std::vector<SetupStep> service_steps(Service& service);
std::vector<SetupStep> proxy_steps(Service& service);

}  // namespace dialtone::daemon
