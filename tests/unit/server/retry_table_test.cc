// SPDX-License-Identifier: Apache-2.0
//
// Who is remembered as refused, and for how long.
#include "dataplane/server/retry_table.h"

#include <gtest/gtest.h>

namespace dialtone::server {
namespace {

constexpr Micros kSecond = 1'000'000;
constexpr Micros kStart = 7 * kSecond;

std::uint64_t asker(std::uint64_t number) {
  return mix64(number, 99);
}

TEST(RetryTable, APhoneThatRepeatsAfterItsTimeIsKnown) {
  for (const Micros after : {kSecond, 4 * kSecond, 5 * kSecond, RetryTable::kLatest}) {
    for (Micros begin = 0; begin < 20 * kSecond; begin += kSecond / 3) {
      RetryTable table(1);
      EXPECT_FALSE(table.is_retry(asker(1), begin));
      EXPECT_FALSE(table.is_retry(asker(1), begin + 1)) << "the network has doubled it";
      EXPECT_FALSE(table.is_retry(asker(2), begin + after));
      EXPECT_TRUE(table.is_retry(asker(1), begin + after)) << after << " from " << begin;
      EXPECT_TRUE(table.is_retry(asker(1), begin + 2 * after)) << "it goes on";
    }
  }
}

TEST(RetryTable, WhoComesLaterBeginsAnew) {
  RetryTable table(1);
  EXPECT_FALSE(table.is_retry(asker(1), kStart));
  EXPECT_FALSE(table.is_retry(asker(1), kStart + 7 * kSecond));
  EXPECT_TRUE(table.is_retry(asker(1), kStart + 11 * kSecond));
}

TEST(RetryTable, WhoIsAnsweredIsNoneForThreeSeconds) {
  RetryTable table(1);
  table.is_retry(asker(1), kStart);
  ASSERT_TRUE(table.is_retry(asker(1), kStart + kSecond));
  table.answered(asker(1), kStart + kSecond);
  for (Micros now = kStart + kSecond; now < kStart + 39 * kSecond / 10; now += kSecond / 20) {
    ASSERT_FALSE(table.is_retry(asker(1), now)) << now;
  }
  EXPECT_TRUE(table.is_retry(asker(1), kStart + 5 * kSecond));
  table.answered(asker(2), kStart);  // nothing is known of it
}

TEST(RetryTable, AFloodPushesNobodyOut) {
  RetryTable table(4);  // 64 cells
  table.is_retry(asker(0), kStart);
  for (std::uint64_t i = 1; i < 10'000; ++i) {
    ASSERT_FALSE(table.is_retry(asker(i), kStart + i * 500));
  }
  EXPECT_TRUE(table.is_retry(asker(0), kStart + 5 * kSecond));
  // The table is full of who came first; there is room again when their time is over.
  int known = 0;
  for (std::uint64_t i = 9000; i < 10'000; ++i) {
    known += table.is_retry(asker(i), kStart + 6 * kSecond) ? 1 : 0;
  }
  EXPECT_EQ(known, 0);
  int later = 0;
  for (std::uint64_t i = 20'000; i < 21'000; ++i) {
    table.is_retry(asker(i), kStart + 9 * kSecond);
    later += table.is_retry(asker(i), kStart + 13 * kSecond) ? 1 : 0;
  }
  EXPECT_GT(later, 40);
}

TEST(RetryTable, HasAFixedSizeOfALineEach) {
  EXPECT_EQ(RetryTable(1024).memory_bytes(), 1024U * 64);
}

}  // namespace
}  // namespace dialtone::server
