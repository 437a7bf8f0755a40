// SPDX-License-Identifier: Apache-2.0
//
// One device on a real link, from power-on until its boot is over, or as long as it was given. One
// thread; blocks.
#pragma once

#include "bench/emu/app/device_plan.h"
#include "bench/emu/app/link.h"
#include "bench/emu/device/boot.h"

#include <functional>
#include <optional>

namespace dialtone::emu {

struct RunLimits {
  Micros patience = 180'000'000;
  bool until_request = false;          // of its configuration: nothing is fetched
  std::function<bool()> is_cancelled;  // by the person at the keyboard
};

struct DeviceRun {
  Timeline timeline;
  std::optional<Boot> boot{};  // none: it knows no server
  std::string request{};       // the configuration that it asked for first
  bool timed_out = false;
};

// The discovery alone, which needs no link.
DeviceRun rehearse_discovery(const DevicePlan& plan,
                             const std::function<void(const Timeline::Event&)>& told);

// A server has given it a file.
bool has_served(const DeviceRun& run) noexcept;

// `plan` must stay where it is. `told` is called with each event when it is there.
DeviceRun run_device(Link& link, Host& host, const DevicePlan& plan, const RunLimits& limits,
                     const std::function<void(const Timeline::Event&)>& told);

}  // namespace dialtone::emu
