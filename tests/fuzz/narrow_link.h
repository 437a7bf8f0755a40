// SPDX-License-Identifier: Apache-2.0
//
// A router before a link that carries less than ours: what it says of a packet to a client
// (RFC 1191, RFC 8201), what of that may be believed, and how large blocks may be afterwards.
#pragma once

#include "dataplane/base/ip_address.h"
#include "dataplane/base/tsc_clock.h"
#include "tests/fuzz/client_frames.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace dialtone::fuzz {

struct TooBigSaid {
  std::uint16_t mtu = 0;       // of the link; 0: an old router of IPv4 does not say
  std::size_t quoted = 0;      // bytes of the packet; 0: as many as a router quotes
  std::size_t changed_at = 0;  // in the packet, one bit; 0: nowhere
};

// `packet`: ours, from its IP header on. Returns the frame's length.
std::size_t write_too_big(std::span<std::byte> frame, const ClientEnd& client,
                          const std::string& packet, const TooBigSaid& said);

// By what is quoted alone. kPerhaps: a bit is changed that may mean nothing, or too little is
// quoted to see what it was.
enum class Belief : std::uint8_t { kNever, kPerhaps, kWhenOnItsWay };
Belief belief_in(const std::string& packet, bool v6, const TooBigSaid& said);
// The number of the block that `packet` carries; it has to have one.
std::uint16_t block_number(const std::string& packet, bool v6);

// What has been said of the links to clients, and was believed.
class KnownLinks {
 public:
  void begin() { links_.clear(); }
  void note(const IpAddress& client, std::uint16_t mtu, Micros now);
  // The largest block for a client that could have `most` on a link of 1,500 bytes.
  std::uint64_t max_block(const IpAddress& client, std::uint64_t most, Micros now) const;

 private:
  struct Link {
    IpAddress client;
    std::uint16_t mtu;
    Micros until;
  };
  std::vector<Link> links_;  // of each client the one that was noted last
};

}  // namespace dialtone::fuzz
