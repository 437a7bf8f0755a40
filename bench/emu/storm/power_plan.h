// SPDX-License-Identifier: Apache-2.0
//
// When the phones of a campus get their power. Cold.
#pragma once

#include "dataplane/base/result.h"
#include "dataplane/base/tsc_clock.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace dialtone::emu {

struct Power {
  enum class Kind : std::uint8_t {
    kAtOnce,
    kRamp,      // evenly over the window
    kBuilding,  // `number` phones at a time, evenly over the window
    kInTurn,  // `number` phones have power, and when one has booted the next: a measure of capacity
  };
  Kind kind = Kind::kAtOnce;
  std::uint32_t number = 0;
};

// "at-once", "ramp", "building:50", "in-turn:32".
Result<Power> parse_power(const std::string& text);

// Of each place in the order, from 0 on. kInTurn: zeros, as nobody knows before.
std::vector<Micros> power_times(const Power& power, double window_s, std::size_t phones);

}  // namespace dialtone::emu
