// SPDX-License-Identifier: Apache-2.0
//
// What the workers are tied to: DPDK's environment, the port, its MTU, and the TAP of the kernel.
// Cold; before the workers start.
#pragma once

#include "dataplane/app/options.h"
#include "dataplane/base/result.h"
#include "dataplane/base/unique_fd.h"
#include "dataplane/io/eal.h"
#include "dataplane/io/port.h"

#include <cstdint>

namespace dialtone::app {

// Whether such a port can be had at all, before anything else is begun; says what is odd of it.
Result<void> check_device(const Options& options);

struct NetworkPort {
  io::Eal eal;  // the others need it to their end
  io::Port port;
  std::uint32_t mtu;
  UniqueFd tap;  // none where none is configured

  // Once in a process; after an Error it should end.
  static Result<NetworkPort> open(const Options& options);
};

void log_serving(const Options& options, const NetworkPort& network);

}  // namespace dialtone::app
