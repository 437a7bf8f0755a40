// SPDX-License-Identifier: Apache-2.0
//
// Says when a count has risen: at once, and then once a minute as long as it goes on. For what
// others on the network cause as often as they like. Housekeeper only; time comes in as a value.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace dialtone::app {

class RiseWatch {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::seconds kInterval{60};

  // By how much it has risen since this was said last, when it is time to say so; else 0.
  std::uint64_t look(std::uint64_t count, Clock::time_point now) noexcept {
    const std::uint64_t rise = count - said_;
    if (rise == 0 || (next_ && now < *next_)) {
      return 0;
    }
    said_ = count;
    next_ = now + kInterval;
    return rise;
  }

 private:
  std::uint64_t said_ = 0;
  std::optional<Clock::time_point> next_;
};

}  // namespace dialtone::app
