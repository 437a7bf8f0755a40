// SPDX-License-Identifier: Apache-2.0
//
// Time for workers: the processor's time stamp counter. Protocol code takes time as a value, in
// microseconds of that counter, so that tests and replays run on virtual time.
#pragma once

#include "dataplane/base/hash.h"

#include <x86intrin.h>

#include <cstdint>

namespace dialtone {

using Ticks = std::uint64_t;
using Micros = std::uint64_t;  // since the counter began

inline Ticks read_tsc() noexcept {
  return __rdtsc();
}

// Converts between ticks and time; measured once, at start. Immutable, any thread.
class TickRate {
 public:
  explicit constexpr TickRate(std::uint64_t ticks_per_second) noexcept
      : per_second_(ticks_per_second), factor_((kMillion << 32) / ticks_per_second) {}

  // Compares the counter with CLOCK_MONOTONIC over 50 ms, to less than a millionth. Blocks; not for
  // workers.
  static TickRate measure();

  constexpr std::uint64_t per_second() const noexcept { return per_second_; }
  constexpr Ticks from_us(std::uint64_t us) const noexcept {
    return per_second_ / 1000 * us / 1000;
  }
  // A multiplication: a worker does it once a turn.
  constexpr Micros to_us(Ticks ticks) const noexcept {
    return static_cast<Micros>(static_cast<Uint128>(ticks) * factor_ >> 32);
  }

 private:
  static constexpr std::uint64_t kMillion = 1'000'000;

  std::uint64_t per_second_;
  std::uint64_t factor_;  // microseconds in a tick, in 2^32nds
};

}  // namespace dialtone
