// SPDX-License-Identifier: Apache-2.0
//
// The sockets of a played Unified CM: SCCP and SIP on their ports, all connections on one thread,
// which blocks in it. It is the kernel that answers, so a device on the same machine needs an
// interface between the two.
#pragma once

#include "bench/emu/registration/call_manager.h"
#include "dataplane/base/ip_address.h"
#include "dataplane/base/result.h"
#include "dataplane/base/unique_fd.h"

#include <functional>
#include <list>
#include <vector>

namespace dialtone::emu {

class CmListener {
 public:
  // Listens at once. An unspecified address: at all of the machine's.
  static Result<CmListener> open(const IpAddress& address, const std::vector<std::uint16_t>& ports);

  // Until `is_over`, which is asked at least every 100 ms.
  Result<void> serve(PlayedCallManager& manager, const std::function<bool()>& is_over);

 private:
  struct Connection {
    UniqueFd socket{};
    CallManagerSession session;
  };

  explicit CmListener(std::vector<UniqueFd> listeners) : listeners_(std::move(listeners)) {}
  void accept_all(const UniqueFd& listener, PlayedCallManager& manager);
  static bool answer(Connection& connection);

  std::vector<UniqueFd> listeners_;
  std::list<Connection> connections_{};
};

}  // namespace dialtone::emu
