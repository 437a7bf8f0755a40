// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/app/device_run.h"

#include <chrono>
#include <thread>

namespace dialtone::emu {
namespace {

// While nothing comes: far below what a phone takes for a step.
constexpr std::chrono::microseconds kRest{50};

// The configuration that is being asked for; empty: another file is.
std::string requested(const Device& device) {
  const BootFile* file = device.current();
  return file != nullptr && file->role == FileRole::kConfig ? file->name : std::string();
}

}  // namespace

Micros now_us() noexcept {
  return static_cast<Micros>(std::chrono::duration_cast<std::chrono::microseconds>(
                                 std::chrono::steady_clock::now().time_since_epoch())
                                 .count());
}

RunResult run_device(Link& link, Device& device, const RunLimits& limits, const Tell& tell) {
  const Micros end = now_us() + limits.patience;
  RunResult result;
  std::size_t told = 0;
  const auto tell_new = [&] {
    for (; tell && told < device.timeline().events().size(); ++told) {
      tell(device.timeline().events()[told]);
    }
  };
  while (!device.is_over() && !limits.is_cancelled()) {
    const Micros now = now_us();
    if (now > end) {
      result.timed_out = true;
      device.timeline().note(now, "the time is over");
      break;
    }
    device.on_time(now);
    link.send(device.host());
    const std::size_t came =
        link.receive([&](std::span<const std::byte> frame) { device.on_frame(frame, now_us()); });
    link.send(device.host());
    tell_new();
    if (result.request.empty()) {
      result.request = requested(device);
    }
    if (limits.until_address && device.state() != DeviceState::kAddress) {
      break;
    }
    if (limits.until_request && !result.request.empty()) {
      break;
    }
    if (came == 0) {
      std::this_thread::sleep_for(kRest);
    }
  }
  if (!device.is_over() && limits.is_cancelled()) {
    device.timeline().note(now_us(), "interrupted");
  }
  tell_new();
  return result;
}

}  // namespace dialtone::emu
