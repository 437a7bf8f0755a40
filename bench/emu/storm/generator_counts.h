// SPDX-License-Identifier: Apache-2.0
//
// What the generator of a storm says of itself, and how the storm ended. Written by the engine's
// thread, read when it has ended.
#pragma once

#include "bench/emu/storm/histogram.h"
#include "dataplane/base/tsc_clock.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace dialtone::emu {

// What the generator itself did, so that its faults are not taken for the server's.
struct GeneratorCounts {
  std::uint64_t sent = 0;
  std::uint64_t received = 0;
  std::uint64_t not_sent = 0;  // the port took no more
  std::uint64_t no_buffer = 0;
  std::uint64_t port_missed = 0;  // by the port before they were read: the phones came too late
  std::uint64_t dropped = 0;      // by the impairment, both ways
  std::uint64_t doubled = 0;
  std::uint64_t strays = 0;      // for no phone, or no TFTP
  std::uint64_t late_polls = 0;  // more than a millisecond after the one before
  Micros longest_poll = 0;
  Histogram late_starts{};  // from planned to real power-on
  Micros busy = 0;          // in turns in which something came or went
  Micros total = 0;
};

enum class StormEnd : std::uint8_t { kAllOver, kTimeOver, kInterrupted };
inline std::string_view ended_name(StormEnd end) noexcept {
  constexpr std::array<std::string_view, 3> kNames{"all over", "time over", "interrupted"};
  return kNames[static_cast<std::size_t>(end)];
}

}  // namespace dialtone::emu
