// SPDX-License-Identifier: Apache-2.0
//
// A device gets its address: DISCOVER, OFFER, REQUEST, ACK (RFC 2131 section 3.1), repeated on the
// clock of its section 4.1. The first offer is taken that gives an address
// which a device can have. Takes packets and time as values; one thread.
#pragma once

#include "bench/emu/dhcp/message.h"
#include "bench/emu/dhcp/retransmission.h"
#include "bench/emu/host/host.h"
#include "dataplane/base/tsc_clock.h"

#include <cstdint>
#include <optional>
#include <string>

namespace dialtone::emu {

// A host that has taken what a server gave it. A gateway that is set on it stays.
HostConfig with_lease(const HostConfig& host, const DhcpReply& lease);

class DhcpClient {
 public:
  // `host` outlives this, and has no address yet. `transaction` is random, or of a test.
  DhcpClient(Host& host, std::string vendor_class, std::string host_name, std::uint32_t transaction,
             Micros now);

  void on_datagram(const Datagram& datagram, Micros now);
  void on_time(Micros now);
  Micros deadline() const noexcept { return repeats_.deadline(); }
  Micros began() const noexcept { return began_; }

  // Once it has an address, which `host` then has as well.
  const std::optional<DhcpReply>& lease() const noexcept { return lease_; }
  std::uint32_t packets() const noexcept { return packets_; }  // sent and taken

 private:
  void send(Micros now);
  void take_lease(const DhcpReply& reply);

  Host& host_;
  DhcpRequest request_;
  Micros began_;
  Retransmission repeats_;
  std::uint32_t packets_ = 0;
  std::optional<DhcpReply> lease_{};
};

}  // namespace dialtone::emu
