// SPDX-License-Identifier: Apache-2.0
//
// The link of the port: the counter link_up has it, and the log says when it changes. Housekeeper
// only; time comes in as a value.
#pragma once

#include "dataplane/app/counters_memory.h"
#include "dataplane/io/port.h"

#include <chrono>

namespace dialtone::app {

class LinkWatch {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::milliseconds kBetweenLooks{250};

  // Looks for the first time. Both outlive it.
  LinkWatch(const CountersMemory& counters, const io::Port& port);

  // As often as the caller likes.
  void look(Clock::time_point now);

 private:
  void compare();
  void log() const;

  const CountersMemory& counters_;
  const io::Port& port_;
  bool is_up_ = true;
  Clock::time_point next_{};
};

}  // namespace dialtone::app
