// SPDX-License-Identifier: Apache-2.0
//
// Clients behind a link that carries less than ours, as routers have said of packets to them, so
// that the next transfer gets blocks that fit (RFC 1191, RFC 8201). A fixed number of places in
// lines of four; a look reads one cache line. Of five that fall on one line the one that was spoken
// of longest ago goes, and whoever is not in it is told so by the next packet that is too big. One
// worker; times come in as values; no allocation after construction.
#pragma once

#include "dataplane/base/cacheline.h"
#include "dataplane/base/hash.h"
#include "dataplane/base/ip_address.h"
#include "dataplane/base/tsc_clock.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace dialtone::server {

class PathLimits {
 public:
  static constexpr Micros kKept = 600'000'000;  // RFC 8201 section 4: larger ones are tried again
  // 128 KB. Of twenty new clients a second one in 300 is pushed out within a minute, when a client
  // over IPv6, whose transfer has ended with an ERROR, asks again; within five minutes a third.
  static constexpr std::size_t kPlaces = 8192;

  explicit PathLimits(std::uint64_t hash_seed);

  void note(const IpAddress& client, std::uint16_t mtu, Micros now) noexcept;

  // Bytes of an IP packet that may go to this client: at most `mtu`. A compare when nobody is
  // known.
  std::uint16_t limit(const IpAddress& client, std::uint16_t mtu, Micros now) const noexcept {
    return now >= until_ ? mtu : limit_of(client, mtu, now);
  }

  std::size_t memory_bytes() const noexcept { return lines_.size() * sizeof(Line); }

 private:
  struct Place {
    std::uint64_t hash = 0;  // another client with the same would have smaller blocks, no more
    std::uint32_t until_s = 0;
    std::uint16_t mtu = 0;
  };
  static constexpr std::size_t kPerLine = kCacheLine / sizeof(Place);
  struct alignas(kCacheLine) Line {
    Place places[kPerLine];
  };

  std::uint16_t limit_of(const IpAddress& client, std::uint16_t mtu, Micros now) const noexcept;
  std::uint64_t hash_of(const IpAddress& client) const noexcept {
    return mix64(fold_multiply(client.low ^ seeds_[0], client.high ^ seeds_[1]), seeds_[1]);
  }
  std::size_t line_of(std::uint64_t hash) const noexcept {
    return multiply_high(hash, lines_.size());
  }

  std::uint64_t seeds_[2];
  Micros until_ = 0;  // of the one that was noted last
  std::vector<Line> lines_;
};

}  // namespace dialtone::server
