// SPDX-License-Identifier: Apache-2.0
//
// Says when a worker's heartbeat stands still, and when it beats again: once each. Housekeeper
// only; time comes in as a value.
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

namespace dialtone::app {

class WorkerWatch {
 public:
  using Clock = std::chrono::steady_clock;
  enum class News : std::uint8_t { kNone, kStuck, kMovesAgain };

  // A worker's turn takes microseconds, its longest sleep is 100 ms.
  static constexpr std::chrono::milliseconds kStuckAfter{1000};

  WorkerWatch(std::uint32_t workers, Clock::time_point now) : workers_(workers, Seen{0, now}) {}

  // `beat` is the heartbeat of the worker now.
  News look(std::uint32_t worker, std::uint64_t beat, Clock::time_point now) {
    Seen& seen = workers_[worker];
    if (beat != seen.beat) {
      const bool was_stuck = seen.stuck;
      seen = {beat, now};
      return was_stuck ? News::kMovesAgain : News::kNone;
    }
    if (seen.stuck || now - seen.moved <= kStuckAfter) {
      return News::kNone;
    }
    seen.stuck = true;
    return News::kStuck;
  }

 private:
  struct Seen {
    std::uint64_t beat;
    Clock::time_point moved;
    bool stuck = false;
  };
  std::vector<Seen> workers_;
};

}  // namespace dialtone::app
