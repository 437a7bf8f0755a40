// SPDX-License-Identifier: Apache-2.0
//
// Which call managers a device tries: those of its configuration whose names it can resolve, or
// without any the one of its era. Facts: features 1.1 and rows 73, 74; cisco-tftp 1.2. Pure
// functions, any thread.
#pragma once

#include "bench/emu/device/configuration.h"
#include "bench/emu/discovery/discovery.h"
#include "bench/emu/registration/registration.h"

#include <set>
#include <string>
#include <vector>

namespace dialtone::emu {

// Whom a device takes that has no call manager in its file.
enum class CallManagerFallback : std::uint8_t {
  kTftpServer,  // the server that it has its files from; from cm9 on
  kCiscoCm1,    // the default name of a server; cm3 and cm5
};

struct CallManagerSetting {
  CallManagerFallback fallback = CallManagerFallback::kTftpServer;
  bool ignores_list = false;     // plays a file without call managers
  std::set<std::string> down{};  // names: plays that nobody listens there
};

struct CallManagerChoice {
  std::vector<CallManagerAt> call_managers{};
  std::string first{};                    // as a document has it: "cm-a", "tftp-server"
  std::vector<std::string> unresolved{};  // names
};

// `configuration` may be null. `tftp_server` is of the family of the device's address.
CallManagerChoice choose_call_managers(const CallManagerSetting& setting,
                                       const Configuration* configuration, bool is_sip,
                                       const IpAddress& tftp_server, const Resolve& resolve);

}  // namespace dialtone::emu
