// SPDX-License-Identifier: Apache-2.0
//
// How the process ends, by the signals that have come. SIGTERM is a service manager's, which starts
// the next one: transfers go on to their end, for so long at most, and nobody else is answered.
// SIGINT is a person's, who waits: all ends at once, as with any second signal. Housekeeper only;
// time comes in as a value.
#pragma once

#include <signal.h>

#include <chrono>
#include <cstdint>
#include <optional>

namespace dialtone::app {

class StopOrder {
 public:
  using Clock = std::chrono::steady_clock;
  enum class End : std::uint8_t {
    kNotYet,
    kAtOnce,    // it was asked for so
    kFinished,  // no transfer is left
    kTooLong,   // some are
  };

  // 0: no signal waits for transfers.
  explicit StopOrder(std::chrono::seconds within) : within_(within) {}

  // True when transfers are to be finished from now on.
  bool on_signal(int number, Clock::time_point now) {
    at_once_ = number != SIGTERM || begun_ || within_ == within_.zero();
    begun_ = begun_.value_or(now);
    return !at_once_;
  }

  // `finished`: no worker has a transfer any more, nor begins one.
  End look(bool finished, Clock::time_point now) const {
    if (!begun_) {
      return End::kNotYet;
    }
    if (at_once_ || finished) {
      return at_once_ ? End::kAtOnce : End::kFinished;
    }
    return now - *begun_ >= within_ ? End::kTooLong : End::kNotYet;
  }

  bool has_begun() const noexcept { return begun_.has_value(); }
  std::chrono::seconds within() const noexcept { return within_; }
  // Since the first signal.
  std::chrono::milliseconds took(Clock::time_point now) const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(now - begun_.value_or(now));
  }

 private:
  const std::chrono::seconds within_;
  std::optional<Clock::time_point> begun_;
  bool at_once_ = false;
};

}  // namespace dialtone::app
