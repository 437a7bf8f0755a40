// SPDX-License-Identifier: Apache-2.0
//
// What goes out to those who have acknowledged nothing, held against docs/admission.md: how many
// first packets and how many answers to one address, how many bytes to all of them. Whoever sends
// an ACK at all is left out from then on.
#pragma once

#include "dataplane/base/ip_address.h"
#include "dataplane/base/tsc_clock.h"
#include "tests/fuzz/packet_view.h"

#include <cstdint>
#include <vector>

namespace dialtone::fuzz {

class UnprovenModel {
 public:
  void begin(Micros now);
  // In the order of the frames: what came in, then what went out for it.
  void came(const PacketView& frame);
  void went(const PacketView& frame, Micros now);

 private:
  struct Source {
    IpAddress address;
    bool v6;
    std::uint32_t vlans;
    bool has_acked = false;
    std::uint64_t firsts = 0;
    std::uint64_t answers = 0;
    std::uint64_t bytes = 0;
  };

  Micros begun_ = 0;
  std::uint64_t asked_bytes_ = 0;  // of all requests
  bool has_acked_ = false;         // anybody
  std::vector<Source> sources_;
};

}  // namespace dialtone::fuzz
