// SPDX-License-Identifier: Apache-2.0
//
// At most so many a second on the average, and a burst at once. One worker thread.
#pragma once

#include "dataplane/base/tsc_clock.h"

#include <algorithm>
#include <cstdint>

namespace dialtone::server {

class RateLimit {
 public:
  static constexpr std::uint32_t kBurst = 64;

  RateLimit(TickRate rate, std::uint64_t per_second) noexcept
      : ticks_each_(std::max<Ticks>(rate.per_second() / per_second, 1)) {}

  // False: it is too many.
  bool admit(Ticks now) noexcept {
    const Ticks earned = (now - counted_at_) / ticks_each_;
    if (earned != 0) {
      left_ = static_cast<std::uint32_t>(std::min<Ticks>(left_ + earned, kBurst));
      counted_at_ += earned * ticks_each_;
    }
    if (left_ == 0) {
      return false;
    }
    --left_;
    return true;
  }

 private:
  Ticks ticks_each_;
  Ticks counted_at_ = 0;
  std::uint32_t left_ = kBurst;
};

}  // namespace dialtone::server
