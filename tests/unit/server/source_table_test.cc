// SPDX-License-Identifier: Apache-2.0
//
// What a source has used, and what is remembered of it.
#include "dataplane/server/source_table.h"

#include "dataplane/server/admission.h"
#include "dataplane/server/allowance.h"

#include <gtest/gtest.h>

namespace dialtone::server {
namespace {

constexpr std::uint32_t kSecond = allowance_time(1'000'000);

TEST(Allowance, SoManyAtOnceAndThenAtTheirRate) {
  const Allowance ten = Allowance::per_second(10);
  std::uint32_t until = 5000;
  std::uint32_t now = 5000;
  const auto admitted = [&](int asked) {
    int count = 0;
    for (int i = 0; i < asked; ++i) {
      if (ten.has_room(until, now)) {
        ten.take(until, now);
        ++count;
      }
    }
    return count;
  };
  EXPECT_EQ(admitted(100), 10);
  now += kSecond / 2;
  EXPECT_EQ(admitted(100), 5);
  now += 10 * kSecond;
  EXPECT_EQ(admitted(100), 10) << "no more than a second's at once";
}

TEST(Allowance, ANumberFromBeforeTheClockCameRoundIsNothingUsed) {
  const Allowance ten = Allowance::per_second(10);
  for (const std::uint32_t behind :
       {1U, kSecond, 0x7fffffffU, 0x80000000U, 0xffffffffU - kSecond}) {
    const std::uint32_t now = 100;
    EXPECT_EQ(ten.used(now - behind, now), 0U) << behind;
  }
}

TEST(Allowance, WhatIsGivenBackIsThereAgainAndNoMore) {
  const Allowance two = Allowance::of(2, 1'000'000);
  std::uint32_t until = 0;
  two.take(until, 0);
  two.take(until, 0);
  EXPECT_FALSE(two.has_room(until, 0));
  two.give_back(until, 0);
  EXPECT_TRUE(two.has_room(until, 0));
  two.give_back(until, 0);
  two.give_back(until, 0);
  EXPECT_EQ(until, 0U);
}

TEST(Allowance, ZeroIsNoLimit) {
  const Allowance none = Allowance::per_second(0);
  std::uint32_t until = 0;
  for (int i = 0; i < 1000; ++i) {
    ASSERT_TRUE(none.has_room(until, 7));
    none.take(until, 7);
  }
}

TEST(ShareOf, IsExactAndNeverNone) {
  std::uint32_t sum = 0;
  for (std::uint32_t worker = 0; worker < 7; ++worker) {
    sum += share_of(200, worker, 7);
  }
  EXPECT_EQ(sum, 200U);
  EXPECT_EQ(share_of(30, 0, 4), 8U);
  EXPECT_EQ(share_of(30, 3, 4), 7U);
  EXPECT_EQ(share_of(2, 3, 4), 1U);
}

IpAddress forged(std::uint32_t number) {
  return IpAddress::from_v4(0x0b000000 + number);
}

// Three hours are more than half of what the clock of an Allowance has.
TEST(SourceTable, WhoCameHoursAgoMakesRoomBeforeWhoCameJustNow) {
  SourceTable table(4, 7);  // one line
  for (std::uint32_t i = 0; i < 4; ++i) {
    ASSERT_NE(table.find_or_make(table.hash(forged(i), 0), 0, 0), nullptr);
  }
  const std::uint32_t now = 3 * 3600 * kSecond;
  table.find(table.hash(forged(0), 0))->requests_until = now + 1;
  table.find(table.hash(forged(0), 0))->first_until = now + 6 * kSecond;
  ASSERT_NE(table.find_or_make(table.hash(forged(4), 0), now, 3 * 3600), nullptr);
  EXPECT_NE(table.find(table.hash(forged(0), 0)), nullptr);
  EXPECT_EQ(table.find(table.hash(forged(1), 0)), nullptr);
}

TEST(SourceTable, KeepsWhoAnsweredThroughAFlood) {
  SourceTable table(256, 7);
  const std::size_t memory = table.memory_bytes();
  const std::uint64_t phone = table.hash(IpAddress::from_v4(0x0a000001), 0);
  table.find_or_replace(phone, 0, 0).proven_until_s = 1000;
  for (std::uint32_t i = 0; i < 100'000; ++i) {
    table.find_or_make(table.hash(forged(i), 0), i, 0);
  }
  ASSERT_NE(table.find(phone), nullptr);
  EXPECT_TRUE(table.find(phone)->is_proven(999));
  EXPECT_FALSE(table.find(phone)->is_proven(1000));
  EXPECT_EQ(table.memory_bytes(), memory);
}

TEST(SourceTable, OnlyAProofTakesTheProofThatEndsFirst) {
  SourceTable table(1, 7);  // one line of four
  for (std::uint32_t i = 0; i < 4; ++i) {
    table.find_or_replace(table.hash(forged(i), 0), 0, 0).proven_until_s = 100 + i;
  }
  EXPECT_EQ(table.find_or_make(table.hash(forged(4), 0), 0, 0), nullptr);
  table.find_or_replace(table.hash(forged(4), 0), 0, 0).proven_until_s = 200;
  EXPECT_EQ(table.find(table.hash(forged(0), 0)), nullptr);
  EXPECT_NE(table.find(table.hash(forged(1), 0)), nullptr);
  // A proof that has ended protects nobody.
  EXPECT_NE(table.find_or_make(table.hash(forged(5), 0), 0, 102), nullptr);
}

TEST(SourceTable, TheLeastRecentMakesRoom) {
  SourceTable table(1, 7);
  for (std::uint32_t i = 0; i < 4; ++i) {
    table.find_or_make(table.hash(forged(i), 0), 1000 + i, 0);
  }
  // The first is ahead of now: it has just used much.
  table.find(table.hash(forged(0), 0))->first_until = 9000;
  table.find_or_make(table.hash(forged(4), 0), 2000, 0);
  EXPECT_NE(table.find(table.hash(forged(0), 0)), nullptr);
  EXPECT_EQ(table.find(table.hash(forged(1), 0)), nullptr);
}

TEST(SourceTable, TwoVlansAreTwoSources) {
  SourceTable table(64, 7);
  EXPECT_NE(table.hash(forged(1), 1), table.hash(forged(1), 2));
}

}  // namespace
}  // namespace dialtone::server
