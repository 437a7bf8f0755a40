// SPDX-License-Identifier: Apache-2.0
#include "dataplane/server/unproven_budget.h"

#include <algorithm>

namespace dialtone::server {

void UnprovenBudget::set_limit(std::uint32_t bytes) noexcept {
  limit_ = std::uint64_t{bytes} << kShift;
  drained_each_us_ = limit_ / kDrainUs;
  asked_ = std::min(asked_, 2 * limit_);
  credit_ = std::min<std::uint64_t>(credit_, bytes);
}

void UnprovenBudget::drain(Micros now) noexcept {
  const std::uint64_t gone = drained_each_us_ * std::min(now - drained_at_, 3 * kDrainUs);
  asked_ -= std::min(asked_, gone);
  drained_at_ = now;
}

// Who is refused has asked as well: the attack is over when less is asked for, not when less is
// given.
UnprovenBudget::Answer UnprovenBudget::spend(std::size_t size, std::size_t request_size,
                                             bool may_borrow, Micros now) noexcept {
  if (limit_ == 0) {
    return Answer::kYes;
  }
  drain(now);
  const std::uint64_t asked = asked_ + (std::uint64_t{size} << kShift);
  asked_ = std::min(asked, 2 * limit_);
  if (asked <= limit_) {
    credit_ = 0;
    return Answer::kYes;
  }
  const std::uint64_t earned = kUnderAttack * request_size;
  credit_ = std::min(credit_ + earned, limit_ >> kShift);
  if (size > earned && !(may_borrow && size <= credit_)) {
    return Answer::kNo;
  }
  credit_ -= std::min<std::uint64_t>(credit_, size);
  return size <= earned ? Answer::kYes : Answer::kOnCredit;
}

}  // namespace dialtone::server
