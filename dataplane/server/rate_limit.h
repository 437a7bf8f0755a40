// SPDX-License-Identifier: Apache-2.0
//
// At most so many a second on the average, up to a million, and a burst at once. One worker thread.
#pragma once

#include "dataplane/base/tsc_clock.h"

#include <algorithm>
#include <cstdint>

namespace dialtone::server {

class RateLimit {
 public:
  static constexpr std::uint32_t kBurst = 64;

  explicit RateLimit(std::uint32_t per_second) noexcept
      : each_us_(std::max<Micros>(1'000'000 / std::max(per_second, 1U), 1)) {}

  // False: it is too many.
  bool admit(Micros now) noexcept {
    const Micros earned = (now - counted_at_) / each_us_;
    if (earned != 0) {
      left_ = static_cast<std::uint32_t>(std::min<Micros>(left_ + earned, kBurst));
      counted_at_ += earned * each_us_;
    }
    if (left_ == 0) {
      return false;
    }
    --left_;
    return true;
  }

 private:
  Micros each_us_;
  Micros counted_at_ = 0;
  std::uint32_t left_ = kBurst;
};

}  // namespace dialtone::server
