// SPDX-License-Identifier: Apache-2.0
#include "dataplane/base/log_limit.h"

#include <gtest/gtest.h>

namespace dialtone {
namespace {

using std::chrono_literals::operator""ms;

TEST(LogLimit, OneLineASecondAndWhatWasLeftOut) {
  LogLimit limit;
  const LogLimit::Clock::time_point start{};
  EXPECT_EQ(limit.take_left_out(start), 0u);
  EXPECT_TRUE(limit.admit(start));
  EXPECT_FALSE(limit.admit(start));
  EXPECT_FALSE(limit.admit(start + 999ms));
  EXPECT_EQ(limit.take_left_out(start + 999ms), 0u);
  EXPECT_TRUE(limit.holds_back());
  EXPECT_EQ(limit.take_left_out(start + 1000ms), 2u);
  EXPECT_FALSE(limit.holds_back());
  EXPECT_FALSE(limit.admit(start + 1000ms)) << "a line was just written";
  EXPECT_EQ(limit.take_left_out(start + 2000ms), 1u);
  EXPECT_EQ(limit.take_left_out(start + 9000ms), 0u);
  EXPECT_TRUE(limit.admit(start + 9000ms));
}

}  // namespace
}  // namespace dialtone
