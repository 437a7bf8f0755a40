// SPDX-License-Identifier: Apache-2.0
//
// One device on a real link, from power-on until its boot is over, or as long as it was given.
// Blocks; the thread that calls.
#pragma once

#include "bench/emu/app/link.h"
#include "bench/emu/device/device.h"

#include <functional>
#include <string>

namespace dialtone::emu {

struct RunLimits {
  Micros patience = 180'000'000;
  bool until_address = false;          // it has one, and does nothing with it
  bool until_request = false;          // of its configuration: nothing is fetched
  std::function<bool()> is_cancelled;  // by the person at the keyboard
};

struct RunResult {
  std::string request{};  // the configuration that it asked for first
  bool timed_out = false;
};

using Tell = std::function<void(const Timeline::Event&)>;

// Of the clock that devices are given.
Micros now_us() noexcept;

// `tell` is called with each event, when it is there.
RunResult run_device(Link& link, Device& device, const RunLimits& limits, const Tell& tell);

}  // namespace dialtone::emu
