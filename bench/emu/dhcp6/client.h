// SPDX-License-Identifier: Apache-2.0
//
// A device gets its address of IPv6: SOLICIT, ADVERTISE, REQUEST, REPLY (RFC 8415 section 18.2),
// from its link-local address on, repeated after 1, 2, 4 s and so on. The first server that has an
// address is taken. Takes packets and time as values; one thread.
#pragma once

#include "bench/emu/dhcp/retransmission.h"
#include "bench/emu/dhcp6/message.h"
#include "bench/emu/host/host.h"

#include <optional>
#include <string>

namespace dialtone::emu {

class Dhcp6Client {
 public:
  // `host` outlives this, and gets the link-local address of its MAC here.
  Dhcp6Client(Host& host, std::string vendor_class, std::uint32_t transaction, Micros now);

  void on_datagram(const Datagram& datagram, Micros now);
  void on_time(Micros now);
  Micros deadline() const noexcept { return repeats_.deadline(); }

  // Once it has an address, which `host` then has as well, with the 64 bits of its network: routers
  // are not listened to.
  const std::optional<Dhcp6Reply>& lease() const noexcept { return lease_; }
  std::uint32_t packets() const noexcept { return packets_; }  // sent and taken

 private:
  void send(Micros now);

  Host& host_;
  Dhcp6Request request_;
  Micros began_;
  Retransmission repeats_;
  std::uint32_t packets_ = 0;
  std::optional<Dhcp6Reply> lease_{};
};

}  // namespace dialtone::emu
