// SPDX-License-Identifier: Apache-2.0
//
// Clients behind a link that carries less than ours, as routers have said of packets to them, so
// that the next transfer gets blocks that fit (RFC 1191, RFC 8201). A table of fixed size: of two
// that fall on one place the later stays, and whoever is not in it is told so by the next packet
// that is too big. One worker; times come in as values.
#pragma once

#include "dataplane/base/hash.h"
#include "dataplane/base/ip_address.h"
#include "dataplane/base/tsc_clock.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace dialtone::server {

class PathLimits {
 public:
  static constexpr Micros kKept = 600'000'000;  // RFC 8201 section 4: larger ones are tried again
  static constexpr std::size_t kPlaces = 256;

  explicit PathLimits(std::uint64_t hash_seed) noexcept : seed_(hash_seed) {}

  void note(const IpAddress& client, std::uint16_t mtu, Micros now) noexcept {
    until_ = now + kKept;
    places_[place_of(client)] = {client, until_, mtu};
  }

  // Bytes of an IP packet that may go to this client: at most `mtu`. A compare when nobody is
  // known.
  std::uint16_t limit(const IpAddress& client, std::uint16_t mtu, Micros now) const noexcept {
    if (now >= until_) [[likely]] {
      return mtu;
    }
    const Place& place = places_[place_of(client)];
    return now < place.until && place.client == client && place.mtu < mtu ? place.mtu : mtu;
  }

 private:
  struct Place {
    IpAddress client;
    Micros until = 0;
    std::uint16_t mtu = 0;
  };

  std::size_t place_of(const IpAddress& client) const noexcept {
    return fold_multiply(client.low ^ seed_, client.high ^ mix64(11, seed_)) % kPlaces;
  }

  std::uint64_t seed_;
  Micros until_ = 0;  // of the one that was noted last
  std::array<Place, kPlaces> places_{};
};

}  // namespace dialtone::server
