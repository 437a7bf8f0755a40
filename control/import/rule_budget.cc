// SPDX-License-Identifier: Apache-2.0
#include "control/import/rule_budget.h"

#include <utility>

namespace dialtone::importing {
namespace {

constexpr std::chrono::milliseconds kAskEvery{200};

}  // namespace

RuleBudget::RuleBudget(Clock::duration most, std::function<bool()> is_given_up)
    : most_(most), ask_(std::move(is_given_up)) {}

bool RuleBudget::allows(std::uint32_t line, std::uint32_t column) {
  if (is_spent_) {
    return false;
  }
  const Clock::time_point now = Clock::now();
  if (ask_ && now >= next_ask_) {
    next_ask_ = now + kAskEvery;
    is_given_up_ = ask_();
  }
  is_spent_ = is_given_up_ || now - begin_ >= most_;
  if (is_spent_) {
    line_ = line;
    column_ = column;
  }
  return !is_spent_;
}

}  // namespace dialtone::importing
