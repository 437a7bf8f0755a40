// SPDX-License-Identifier: Apache-2.0
//
// Looks for the first request of what a change has changed, in the events of the dataplane: once a
// second while a change waits for one, and whenever somebody asks. Reads what is new in the rings
// since the look before, and nothing while no change waits. One thread.
#pragma once

#include "control/daemon/change_trace.h"
#include "control/publish/publisher.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

namespace dialtone::daemon {

class ServedWatch {
 public:
  using Clock = std::chrono::steady_clock;

  static constexpr std::chrono::seconds kBetweenLooks{1};

  explicit ServedWatch(ChangeTrace& trace) noexcept : trace_(trace) {}

  // A change is about to be offered: events of before are of no interest.
  void begin(const publish::Publisher& publisher);
  // When it is time.
  void look_when_due(const publish::Publisher& publisher, Clock::time_point now);
  // Now. An Error (no dataplane) leaves it to the next look.
  void look(const publish::Publisher& publisher);

  Clock::time_point due() const noexcept {
    return trace_.is_watching() ? next_look_ : Clock::time_point::max();
  }

 private:
  ChangeTrace& trace_;
  std::optional<std::uint64_t> pid_;  // of the dataplane that `next_` is of
  std::vector<std::uint64_t> next_;   // record of each worker
  Clock::time_point next_look_;
};

}  // namespace dialtone::daemon
