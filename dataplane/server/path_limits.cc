// SPDX-License-Identifier: Apache-2.0
#include "dataplane/server/path_limits.h"

namespace dialtone::server {
namespace {

std::uint32_t seconds(Micros time) noexcept {
  return static_cast<std::uint32_t>(time / 1'000'000);
}

}  // namespace

PathLimits::PathLimits(std::uint64_t hash_seed)
    : seeds_{hash_seed, mix64(11, hash_seed)}, lines_(kPlaces / kPerLine) {}

void PathLimits::note(const IpAddress& client, std::uint16_t mtu, Micros now) noexcept {
  until_ = now + kKept;
  const std::uint64_t hash = hash_of(client);
  Line& line = lines_[line_of(hash)];
  Place* place = &line.places[0];
  for (Place& each : line.places) {
    if (each.hash == hash) {
      place = &each;
      break;
    }
    if (each.until_s < place->until_s) {
      place = &each;
    }
  }
  *place = {hash, seconds(until_), mtu};
}

std::uint16_t PathLimits::limit_of(const IpAddress& client, std::uint16_t mtu,
                                   Micros now) const noexcept {
  const std::uint64_t hash = hash_of(client);
  for (const Place& each : lines_[line_of(hash)].places) {
    if (each.hash == hash && seconds(now) < each.until_s && each.mtu < mtu) {
      return each.mtu;
    }
  }
  return mtu;
}

}  // namespace dialtone::server
