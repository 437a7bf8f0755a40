// SPDX-License-Identifier: Apache-2.0
//
// Time for workers: the processor's time stamp counter. Protocol code takes Ticks as a value, so
// that tests and replays run on virtual time.
#pragma once

#include <x86intrin.h>

#include <cstdint>

namespace dialtone {

using Ticks = std::uint64_t;

inline Ticks read_tsc() noexcept {
  return __rdtsc();
}

// Converts between ticks and time; measured once, at start. Immutable, any thread.
class TickRate {
 public:
  explicit constexpr TickRate(std::uint64_t ticks_per_second) noexcept
      : per_second_(ticks_per_second) {}

  // Compares the counter with CLOCK_MONOTONIC for about 10 ms. Blocks; not for workers.
  static TickRate measure();

  constexpr std::uint64_t per_second() const noexcept { return per_second_; }
  constexpr Ticks from_ms(std::uint64_t ms) const noexcept { return per_second_ / 1000 * ms; }
  constexpr Ticks from_us(std::uint64_t us) const noexcept {
    return per_second_ / 1000 * us / 1000;
  }
  constexpr std::uint64_t to_us(Ticks ticks) const noexcept {
    return ticks / (per_second_ / 1000000);
  }

 private:
  std::uint64_t per_second_;
};

}  // namespace dialtone
