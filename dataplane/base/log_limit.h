// SPDX-License-Identifier: Apache-2.0
//
// For log lines that somebody else can cause as often as he likes, as by connecting in a loop: one
// a second, and then how many were left out. One thread; time comes from the caller.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>

namespace dialtone {

class LogLimit {
 public:
  using Clock = std::chrono::steady_clock;

  // True: write the line. False: it is counted instead.
  bool admit(Clock::time_point now) noexcept {
    if (next_ && now < *next_) {
      ++left_out_;
      return false;
    }
    next_ = now + kInterval;
    return true;
  }

  // How many lines were left out, when it is time to say so; else 0. Ask before admit(), and from
  // time to time.
  std::uint64_t take_left_out(Clock::time_point now) noexcept {
    if (left_out_ == 0 || now < *next_) {
      return 0;
    }
    next_ = now + kInterval;  // this is a line too
    return std::exchange(left_out_, 0);
  }

  // Whether take_left_out() will have something to say.
  bool holds_back() const noexcept { return left_out_ != 0; }

 private:
  static constexpr std::chrono::seconds kInterval{1};

  std::optional<Clock::time_point> next_;
  std::uint64_t left_out_ = 0;
};

}  // namespace dialtone
