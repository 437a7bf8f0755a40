// SPDX-License-Identifier: Apache-2.0
#include "control/daemon/counter_marks.h"

#include <gtest/gtest.h>

namespace dialtone::daemon {
namespace {

CounterReading reading(std::uint64_t requests, std::uint64_t active, std::uint64_t pid = 1) {
  return {pid,
          0,
          {{"requests", "", requests}, {"sessions_active", "", active}},
          {{"Requests", "", requests}, {"RequestsInProgress", "", active}}};
}

TEST(CounterMarks, CountsAreDifferencesAndLevelsAreNot) {
  const CounterReading since = difference(reading(5, 3), reading(9, 2));
  EXPECT_EQ(since.own[0].value, 4U);
  EXPECT_EQ(since.own[1].value, 2U);
  EXPECT_EQ(since.cisco[0].value, 4U);
  EXPECT_EQ(since.cisco[1].value, 2U);
}

TEST(CounterMarks, TheNewestAreKept) {
  CounterMarks marks;
  for (std::size_t i = 0; i <= CounterMarks::kMost; ++i) {
    ASSERT_TRUE(marks.set("m" + std::to_string(i), reading(i, 0)).ok());
  }
  EXPECT_FALSE(marks.find("m0", 1).ok());
  EXPECT_EQ((*marks.find("m1", 1))->own[0].value, 1U);
  ASSERT_TRUE(marks.set("m1", reading(100, 0)).ok());
  EXPECT_EQ((*marks.find("m1", 1))->own[0].value, 100U);
  EXPECT_TRUE(marks.find("m2", 1).ok()) << "the same name takes no other place";
  marks.forget("m2");
  EXPECT_FALSE(marks.find("m2", 1).ok());
}

TEST(CounterMarks, AnotherDataplaneCountsAnew) {
  CounterMarks marks;
  ASSERT_TRUE(marks.set("m", reading(5, 0)).ok());
  EXPECT_NE(marks.find("m", 2).error().text.find("set it again"), std::string::npos);
  EXPECT_EQ(marks.set("", {}).error().code, ErrorCode::kUsage);
  EXPECT_EQ(marks.set(std::string(65, 'a'), {}).error().code, ErrorCode::kUsage);
}

}  // namespace
}  // namespace dialtone::daemon
