// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/dhcp/retransmission.h"

#include <gtest/gtest.h>

#include <vector>

namespace dialtone::emu {
namespace {

constexpr Micros kSecond = 1'000'000;
constexpr Retransmission::Pace kPace{.first = 4 * kSecond, .doublings = 3, .requests = 4};

TEST(Retransmission, WaitsTwiceAsLongEachTimeUpToTheLongest) {
  Retransmission repeats(kPace);
  std::vector<Micros> waits;
  for (Micros now = 0; waits.size() < 6; now = repeats.deadline()) {
    EXPECT_TRUE(repeats.is_due(now));
    repeats.on_sent(now);
    EXPECT_FALSE(repeats.is_due(repeats.deadline() - 1));
    waits.push_back((repeats.deadline() - now) / kSecond);
  }
  EXPECT_EQ(waits, (std::vector<Micros>{4, 8, 16, 32, 32, 32}));
}

TEST(Retransmission, IsSpentAfterSoManyCopiesOfOneMessage) {
  Retransmission repeats(kPace);
  for (int i = 0; i < 4; ++i) {
    EXPECT_FALSE(repeats.is_spent());
    repeats.on_sent(0);
  }
  EXPECT_TRUE(repeats.is_spent());
  repeats.begin();
  EXPECT_FALSE(repeats.is_spent());
  repeats.on_sent(kSecond);
  EXPECT_EQ(repeats.deadline(), 5 * kSecond) << "as the first";
}

TEST(Retransmission, MayBeginLater) {
  Retransmission repeats(kPace);
  repeats.on_sent(0);
  repeats.on_sent(4 * kSecond);
  repeats.begin_later(5 * kSecond);
  EXPECT_EQ(repeats.deadline(), 9 * kSecond);
  repeats.on_sent(9 * kSecond);
  EXPECT_EQ(repeats.deadline(), 13 * kSecond);
}

TEST(Retransmission, IsNeverDueWhenItHasStopped) {
  Retransmission repeats(kPace);
  repeats.on_sent(0);
  repeats.stop();
  EXPECT_FALSE(repeats.is_due(1'000'000 * kSecond));
}

}  // namespace
}  // namespace dialtone::emu
