// SPDX-License-Identifier: Apache-2.0
//
// What is remembered of the looks at one dataplane: since when something is so, and how often
// something was in the last minute (of a narrow link, ten). It is the reader that compares: a
// dataplane that stands still says nothing itself. Time comes in as a value. One thread.
#pragma once

#include "control/daemon/health_reading.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

namespace dialtone::daemon {

class HealthMemory {
 public:
  using Clock = std::chrono::steady_clock;

  static constexpr std::chrono::seconds kRemembered{60};
  // As long as the dataplane keeps what a router said of a client's link, so that it is not asked.
  static constexpr std::chrono::seconds kNarrowRemembered{600};
  // What the network costs now and then is no warning: fewer in a minute than this.
  static constexpr std::uint64_t kFewest = 10;

  // `is_on`: nobody has ordered that the service be stopped.
  void note(HealthReading reading, bool is_on, Clock::time_point now);
  // The newest look brought nothing.
  void note_failure(Clock::time_point now) noexcept {
    seen_ = now;
    now_.workers.clear();
  }

  // Of the newest look.
  const HealthReading& now() const noexcept { return now_; }
  // When that was.
  Clock::time_point seen() const noexcept { return seen_; }
  // When the worker was first seen with the heartbeat that it has.
  Clock::time_point moved(std::size_t worker) const noexcept { return moved_[worker]; }
  // By how much a count has risen within that time.
  std::uint64_t recent(HealthCount count, std::chrono::seconds within = kRemembered) const noexcept;

  // Nothing: it is not so.
  using Since = std::optional<Clock::time_point>;
  const Since& full_since() const noexcept { return full_since_; }  // a worker's sessions
  const Since& attacked_since() const noexcept { return attacked_since_; }
  const Since& link_down_since() const noexcept { return link_down_since_; }
  const Since& lost_since() const noexcept { return lost_since_; }  // an address
  const Since& stopping_since() const noexcept { return stopping_since_; }
  // The newest look at which a worker's sessions were full; nothing: none was.
  const Since& last_full() const noexcept { return last_full_; }

 private:
  struct Counted {
    Clock::time_point at;
    std::array<std::uint64_t, kHealthCounts> counts;
  };

  // True: it is another dataplane, with the same pid, whose turns are counted anew.
  bool note_beats(const HealthReading& reading);

  HealthReading now_;
  Clock::time_point seen_;
  std::vector<Clock::time_point> moved_;  // of each worker
  std::deque<Counted> counted_;           // of kNarrowRemembered
  Since full_since_;
  Since last_full_;
  Since attacked_since_;
  Since link_down_since_;
  Since lost_since_;
  Since stopping_since_;
};

}  // namespace dialtone::daemon
