// SPDX-License-Identifier: Apache-2.0
//
// What goes wrong around the port without any fault of a worker: its link, frames that come to the
// wrong worker, or all to one, hosts with an address of ours, links that carry less than ours,
// frames that the port loses. Counters have it, and the log says it once, or once a minute.
// Housekeeper only.
#pragma once

#include "dataplane/app/counters_memory.h"
#include "dataplane/app/handoff_watch.h"
#include "dataplane/app/link_watch.h"
#include "dataplane/app/rise_watch.h"
#include "dataplane/app/share_watch.h"
#include "dataplane/io/port.h"
#include "dataplane/server/counters.h"
#include "dataplane/server/our_addresses.h"

#include <array>
#include <bitset>
#include <cstdint>

namespace dialtone::app {

class NetworkWatch {
 public:
  using Clock = std::chrono::steady_clock;

  // `mtu`: what blocks are made for. `expects_handoffs`: frames are handed over by design. All that
  // it is given outlives it.
  NetworkWatch(const CountersMemory& counters, const server::OurAddresses& addresses,
               const io::Port& port, std::uint32_t mtu, bool expects_handoffs)
      : link_(counters, port, mtu),
        counters_(counters),
        addresses_(addresses),
        port_(port),
        expects_handoffs_(expects_handoffs) {}

  // As often as the caller likes; it looks some times a second.
  void look(Clock::time_point now);

 private:
  std::uint64_t sum(server::Counter counter) const;
  void watch_handoffs();
  void watch_shares(Clock::time_point now);
  void watch_addresses();
  void watch_claims(Clock::time_point now);
  void watch_packet_sizes(Clock::time_point now);
  void note_losses() const;

  LinkWatch link_;
  const CountersMemory& counters_;
  const server::OurAddresses& addresses_;
  const io::Port& port_;
  const bool expects_handoffs_;
  Clock::time_point next_{};
  HandoffWatch handoffs_;
  ShareWatch shares_;
  RiseWatch too_big_;
  std::bitset<server::OurAddresses::kMaxAddresses> lost_;
  struct Claims {
    std::uint64_t count = 0;
    RiseWatch watch;
  };
  std::array<Claims, server::OurAddresses::kMaxAddresses> claims_;
};

}  // namespace dialtone::app
