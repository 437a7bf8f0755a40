// SPDX-License-Identifier: Apache-2.0
//
// How long remap rules may be followed in all by one import. What one name takes is bounded by
// remap_rules.h; a folder of many files is not, and control does nothing else meanwhile. One
// thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>

namespace dialtone::importing {

class RuleBudget {
 public:
  using Clock = std::chrono::steady_clock;

  // From now on. `is_given_up`: whether nobody waits for the result any more; it is asked a few
  // times a second.
  explicit RuleBudget(Clock::duration most, std::function<bool()> is_given_up = {});

  // Before each try of the rule at that place of its file. False: there is no time left for it, and
  // none for any other from then on.
  bool allows(std::uint32_t line, std::uint32_t column);

  bool is_spent() const noexcept { return is_spent_; }
  bool is_given_up() const noexcept { return is_given_up_; }
  // Of the rule that was not allowed any more.
  std::uint32_t line() const noexcept { return line_; }
  std::uint32_t column() const noexcept { return column_; }

  Clock::duration most() const noexcept { return most_; }

 private:
  Clock::duration most_;
  Clock::time_point begin_ = Clock::now();
  Clock::time_point next_ask_ = begin_;
  std::function<bool()> ask_;
  bool is_spent_ = false;
  bool is_given_up_ = false;
  std::uint32_t line_ = 0;
  std::uint32_t column_ = 0;
};

}  // namespace dialtone::importing
