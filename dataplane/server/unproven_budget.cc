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

// Who is refused has asked as well: the attack is over when less is asked for, not when less is
// given.
bool UnprovenBudget::ask(std::size_t size, Micros now) noexcept {
  const std::uint64_t gone = drained_each_us_ * std::min(now - drained_at_, 3 * kDrainUs);
  asked_ -= std::min(asked_, gone);
  drained_at_ = now;
  const std::uint64_t asked = asked_ + (std::uint64_t{size} << kShift);
  asked_ = std::min(asked, 2 * limit_);
  return asked <= limit_;
}

// A request of less than 16 bytes pays for no whole DATA of 512. The rest comes out of what
// requests before it have left; where that is too little, it leaves what it has paid, and its
// repeat is answered by both.
bool UnprovenBudget::pay_by_default(std::size_t size, std::size_t request_size) noexcept {
  const std::uint64_t earned = kByDefault * request_size;
  const bool enough = size <= earned + spare_;
  if (!enough) {
    spare_ += earned;
  } else if (size > earned) {
    spare_ -= size - earned;
  } else if (earned < 2 * size) {  // else copies may take it
    spare_ += earned - size;
  }
  spare_ = std::min(spare_, kSpare);
  return enough;
}

bool UnprovenBudget::spend_copy(std::size_t size, Micros now) noexcept {
  return limit_ == 0 || ask(size, now);
}

UnprovenBudget::Answer UnprovenBudget::spend(std::size_t size, std::size_t request_size,
                                             bool may_borrow, Micros now) noexcept {
  if (limit_ == 0) {
    return Answer::kYes;
  }
  if (ask(size, now)) {
    credit_ = 0;
    return pay_by_default(size, request_size) ? Answer::kYes : Answer::kNo;
  }
  ++under_attack_;
  const std::uint64_t earned = kUnderAttack * request_size;
  credit_ = std::min(credit_ + earned, limit_ >> kShift);
  if (size > earned && !(may_borrow && size <= credit_)) {
    return Answer::kNo;
  }
  credit_ -= std::min<std::uint64_t>(credit_, size);
  return size <= earned ? Answer::kYes : Answer::kOnCredit;
}

bool UnprovenBudget::lend_to_retry(std::size_t size) noexcept {
  const bool enough = size + (limit_ >> kShift) / kForNeighbours <= credit_;
  credit_ -= enough ? size : 0;
  return enough;
}

}  // namespace dialtone::server
