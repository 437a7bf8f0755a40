// SPDX-License-Identifier: Apache-2.0
//
// So many of something in a time, for each of very many: one 32-bit number says how far ahead of
// its due a source is (the virtual scheduling form of a leaky bucket). Values; hot.
#pragma once

#include "dataplane/base/tsc_clock.h"

#include <algorithm>
#include <cstdint>

namespace dialtone::server {

// Units of 4 microseconds: they come round after 4.8 hours. A number that is left from before is
// taken for a source that has used nothing, or, once in some thousand times, for one that has used
// all: it waits a window.
constexpr std::uint32_t allowance_time(Micros now) noexcept {
  return static_cast<std::uint32_t>(now >> 2);
}

struct Allowance {
  std::uint32_t each = 0;    // that one of them takes; 0: there is no limit
  std::uint32_t window = 0;  // that may be used at once

  static constexpr Allowance per_second(std::uint32_t count) noexcept {
    constexpr std::uint32_t kSecond = 250'000;
    const std::uint32_t each = count == 0 ? 0 : std::max(kSecond / count, 1U);
    return {each, each * count};
  }
  static constexpr Allowance of(std::uint32_t count, Micros each_us) noexcept {
    const std::uint32_t each = allowance_time(each_us);
    return {each, each * count};
  }

  constexpr std::uint32_t used(std::uint32_t until, std::uint32_t now) const noexcept {
    const std::uint32_t ahead = until - now;
    return ahead <= window ? ahead : 0;
  }
  constexpr bool has_room(std::uint32_t until, std::uint32_t now) const noexcept {
    return used(until, now) + each <= window;
  }
  constexpr void take(std::uint32_t& until, std::uint32_t now) const noexcept {
    until = now + used(until, now) + each;
  }
  constexpr void give_back(std::uint32_t& until, std::uint32_t now) const noexcept {
    until = now + used(until, now) - std::min(used(until, now), each);
  }
};

}  // namespace dialtone::server
