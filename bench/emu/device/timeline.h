// SPDX-License-Identifier: Apache-2.0
//
// What happened to a device, in order, for a person to read. One thread.
#pragma once

#include "dataplane/base/printable.h"
#include "dataplane/base/tsc_clock.h"

#include <string>
#include <utility>
#include <vector>

namespace dialtone::emu {

class Timeline {
 public:
  struct Event {
    Micros at = 0;  // since the device was switched on
    std::string what{};
  };

  explicit Timeline(Micros power_on) noexcept : power_on_(power_on) {}

  // Names and texts in it are a server's.
  void note(Micros now, const std::string& what) {
    events_.push_back({now - power_on_, printable(what)});
  }

  const std::vector<Event>& events() const noexcept { return events_; }

 private:
  Micros power_on_;
  std::vector<Event> events_{};
};

}  // namespace dialtone::emu
