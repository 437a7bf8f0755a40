// SPDX-License-Identifier: Apache-2.0
//
// What may be under way to sources that never answered, by default and under attack.
#include "dataplane/server/unproven_budget.h"

#include "dataplane/abi/image_format.h"
#include "dataplane/server/admission.h"

#include <gtest/gtest.h>

namespace dialtone::server {
namespace {

constexpr std::size_t kData = 4 + 512;
constexpr std::size_t kShortest = 2 + 1 + 1 + 6;  // RRQ of a name of one byte, octet
constexpr std::size_t kPaysForData = 16;          // 33 times this is more than one DATA

using Answer = UnprovenBudget::Answer;

TEST(UnprovenBudget, AboveTheLimitNothingLargerThanFourTimesItsRequest) {
  UnprovenBudget budget;
  budget.set_limit(5160);
  int large = 0;
  for (int i = 0; i < 100; ++i) {
    large += budget.spend(516, 16, false, 0) == Answer::kYes;
  }
  EXPECT_EQ(large, 10);
  EXPECT_EQ(budget.spend(64, 16, false, 0), Answer::kYes);
  EXPECT_EQ(budget.spend(65, 16, false, 0), Answer::kNo);
}

TEST(UnprovenBudget, WhoIsRefusedKeepsTheAttackGoing) {
  UnprovenBudget budget;
  budget.set_limit(5160);
  int large = 0;
  // Twice as much as drains, for a minute.
  Micros now = 0;
  for (; now < 60'000'000; now += 150'000) {
    large += budget.spend(516, 16, false, now) == Answer::kYes;
  }
  EXPECT_LT(large, 25);
  now += 4'000'000;
  EXPECT_EQ(budget.spend(516, 16, false, now), Answer::kYes) << "the attack is over";
}

// The least that a policy may say, divided among the most workers.
TEST(UnprovenBudget, TheSmallestPartRunsOut) {
  UnprovenBudget budget;
  budget.set_limit(share_of(abi::kMinUnprovenBytes, 15, 16));
  EXPECT_EQ(budget.spend(64, 16, false, 0), Answer::kYes);
  EXPECT_EQ(budget.spend(65, 16, false, 0), Answer::kNo);
  EXPECT_EQ(budget.spend(32, 4, false, 6'000'000), Answer::kYes) << "the attack is over";
}

TEST(UnprovenBudget, CreditIsWhatOthersHavePaid) {
  UnprovenBudget budget;
  budget.set_limit(516);
  std::size_t in = 0;
  std::size_t out = 0;
  for (int i = 0; i < 1000; ++i) {
    const bool may_borrow = i % 3 == 0;
    const Answer answer = budget.spend(516, 16, may_borrow, 0);
    if (i == 0) {
      EXPECT_EQ(answer, Answer::kYes);
      continue;  // within the limit
    }
    EXPECT_NE(answer, Answer::kYes);
    in += 16;
    out += answer == Answer::kOnCredit ? 516 : 0;
  }
  EXPECT_GT(out, 3 * in);
  EXPECT_LE(out, 4 * in);
}

TEST(UnprovenBudget, AnAnswerGivesBack) {
  UnprovenBudget budget;
  budget.set_limit(516);
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(budget.spend(516, 16, false, 0), Answer::kYes);
    budget.give_back(516);
  }
}

// No limit is near in what follows.
UnprovenBudget large_budget() {
  UnprovenBudget budget;
  budget.set_limit(abi::kMaxUnprovenBytes);
  return budget;
}

void use_up_spare(UnprovenBudget& budget) {
  for (std::size_t i = 0; i < UnprovenBudget::kSpare; ++i) {
    budget.spend(kData, kPaysForData - 1, false, 0);
  }
  while (budget.spend(kData, kShortest, false, 0) == Answer::kYes) {
  }
}

TEST(UnprovenBudget, ShortRequestsGetAtMost33TimesWhatCameInAndTheSpareOnce) {
  for (std::size_t request = kShortest; request < kPaysForData; ++request) {
    UnprovenBudget budget = large_budget();
    std::size_t in = 0;
    std::size_t out = 0;
    for (int i = 0; i < 100'000; ++i) {
      in += request;
      out += budget.spend(kData, request, false, 0) == Answer::kYes ? kData : 0;
      ASSERT_LE(out, 33 * in + UnprovenBudget::kSpare) << request << " " << i;
    }
    EXPECT_GE(out, 32 * in) << "no more than that is refused";
  }
}

TEST(UnprovenBudget, AShortRequestThatIsRefusedPaysForItsRepeat) {
  UnprovenBudget budget = large_budget();
  use_up_spare(budget);
  int refused = 0;
  for (int i = 0; i < 100; ++i) {
    if (budget.spend(kData, kShortest, false, 0) == Answer::kNo) {
      ++refused;
      EXPECT_EQ(budget.spend(kData, kShortest, false, 0), Answer::kYes);
    }
  }
  EXPECT_GT(refused, 10);
}

TEST(UnprovenBudget, WhatALongerRequestLeavesIsForShortOnesButNotWhatItsCopyMayTake) {
  UnprovenBudget budget = large_budget();
  use_up_spare(budget);
  const auto short_ones = [&] {
    int count = 0;
    while (budget.spend(kData, kPaysForData - 1, false, 0) == Answer::kYes) {
      ++count;
    }
    return count;
  };
  short_ones();
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(budget.spend(kData, 32, false, 0), Answer::kYes);
  }
  // What was refused has paid for one.
  EXPECT_LE(short_ones(), 24);
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(budget.spend(kData, 31, false, 0), Answer::kYes);
  }
  EXPECT_GT(short_ones(), 100);
}

TEST(UnprovenBudget, RequestsThatPayForTheirAnswerNeverWaitForOthers) {
  UnprovenBudget budget = large_budget();
  use_up_spare(budget);
  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(budget.spend(kData, kPaysForData, false, 0), Answer::kYes);
    budget.spend(kData, kShortest, false, 0);
    EXPECT_TRUE(budget.spend_copy(kData, 0));
  }
}

}  // namespace
}  // namespace dialtone::server
