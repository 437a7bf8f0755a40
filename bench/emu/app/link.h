// SPDX-License-Identifier: Apache-2.0
//
// The DPDK port of one emulated device, polled by the thread that opened it. Frames alone: no
// socket, and the kernel knows of no address. One in a process.
#pragma once

#include "bench/emu/app/interface_state.h"
#include "bench/emu/host/host.h"
#include "dataplane/io/burst.h"
#include "dataplane/io/eal.h"
#include "dataplane/io/port.h"

#include <functional>
#include <string>
#include <vector>

namespace dialtone::emu {

// "veth0" as the device string of af_packet; a device string or a PCI address as it is.
std::string device_of(const std::string& link);

// DPDK with the device of a link; `cpus`: for those who poll it beside this thread.
Result<io::Eal> start_eal(const std::string& link, const std::vector<std::uint32_t>& cpus,
                          bool hugepages);

class Link {
 public:
  // Blocks for some 100 ms. Needs the capabilities that the device asks for.
  static Result<Link> open(const std::string& link);

  // Frames that have come; `take` must be done with each when it returns. The number of them.
  std::size_t receive(const std::function<void(std::span<const std::byte>)>& take);
  // Empties the outbox. What the port does not take is lost, as on a wire.
  void send(Host& host);

 private:
  Link(InterfaceState interface, io::Eal eal, io::Port port) noexcept
      : interface_(std::move(interface)), eal_(std::move(eal)), port_(std::move(port)) {}
  io::QueuePair pair() const noexcept { return {port_.id(), 0}; }

  InterfaceState interface_;  // outlives the port
  io::Eal eal_;
  io::Port port_;
};

}  // namespace dialtone::emu
