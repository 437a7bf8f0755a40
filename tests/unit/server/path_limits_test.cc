// SPDX-License-Identifier: Apache-2.0
#include "dataplane/server/path_limits.h"

#include <gtest/gtest.h>

namespace dialtone::server {
namespace {

constexpr Micros kSecond = 1'000'000;
constexpr std::uint16_t kMtu = 1500;

IpAddress v4(std::uint32_t number) {
  return IpAddress::from_v4(0x0a000000 + number);
}
// As a phone makes it from its MAC: of one vendor, one behind the other.
IpAddress v6(std::uint32_t number) {
  return {0x20010db800000000, 0x020000fffe000000U + number};
}

class PathLimitsTest : public testing::TestWithParam<IpAddress (*)(std::uint32_t)> {
 protected:
  // Of the clients that routers speak of, `each_second`, how many are known a minute later.
  double known_after_a_minute(std::uint32_t each_second) {
    std::uint32_t known = 0;
    const std::uint32_t clients = 600 * each_second;
    for (std::uint32_t i = 0; i < clients; ++i) {
      const Micros now = kSecond + i * kSecond / each_second;
      limits_.note(GetParam()(i), 1400, now);
      if (i >= 60 * each_second) {
        known += limits_.limit(GetParam()(i - 60 * each_second), kMtu, now) == 1400;
      }
    }
    return known / static_cast<double>(clients - 60 * each_second);
  }

  PathLimits limits_{42};
};

INSTANTIATE_TEST_SUITE_P(Versions, PathLimitsTest, testing::Values(v4, v6));

TEST_P(PathLimitsTest, TwentyNewClientsASecondAreKnownWhenTheyAskAgainS16) {
  EXPECT_GT(known_after_a_minute(20), 0.99);
}

TEST_P(PathLimitsTest, AHundredMostlyToo) {
  EXPECT_GT(known_after_a_minute(100), 0.6);
}

TEST_P(PathLimitsTest, WhatIsSaidLastCountsForItsTime) {
  const IpAddress client = GetParam()(7);
  limits_.note(client, 1400, kSecond);
  limits_.note(client, 1300, 2 * kSecond);
  EXPECT_EQ(limits_.limit(client, kMtu, 3 * kSecond), 1300);
  EXPECT_EQ(limits_.limit(client, 1280, 3 * kSecond), 1280) << "never more than ours";
  EXPECT_EQ(limits_.limit(GetParam()(8), kMtu, 3 * kSecond), kMtu);
  EXPECT_EQ(limits_.limit(client, kMtu, 2 * kSecond + PathLimits::kKept), kMtu);
  limits_.note(GetParam()(9), 1400, 2 * kSecond + PathLimits::kKept);
  EXPECT_EQ(limits_.limit(client, kMtu, 2 * kSecond + PathLimits::kKept), kMtu);
}

TEST(PathLimitsMemory, IsFixed) {
  EXPECT_EQ(PathLimits(1).memory_bytes(), 128U << 10);
}

}  // namespace
}  // namespace dialtone::server
