// SPDX-License-Identifier: Apache-2.0
#include "dataplane/abi/client_prefixes.h"

#include "dataplane/abi/policy_check.h"

#include <gtest/gtest.h>

namespace dialtone::abi {
namespace {

IpAddress v4(std::uint32_t address) {
  return IpAddress::from_v4(address);
}
ClientRange from(const IpAddress& address, bool allowed) {
  return {address.high, address.low, allowed ? 1U : 0U, 0};
}

TEST(ClientPrefixes, NoRangesAllowEverybody) {
  EXPECT_TRUE(is_allowed({}, v4(0)));
  EXPECT_TRUE(is_allowed({}, {~0ULL, ~0ULL}));
}

TEST(ClientPrefixes, TheRangeThatAnAddressLiesInCounts) {
  const std::vector<ClientRange> ranges = {from({}, false), from(v4(0x0a000000), true),
                                           from(v4(0x0b000000), false),
                                           from({0x20010db800000000, 0}, true)};
  EXPECT_FALSE(is_allowed(ranges, {}));
  EXPECT_FALSE(is_allowed(ranges, v4(0x09ffffff)));
  EXPECT_TRUE(is_allowed(ranges, v4(0x0a000000)));
  EXPECT_TRUE(is_allowed(ranges, v4(0x0affffff)));
  EXPECT_FALSE(is_allowed(ranges, v4(0x0b000000)));
  EXPECT_FALSE(is_allowed(ranges, {0x20010db7ffffffff, ~0ULL}));
  EXPECT_TRUE(is_allowed(ranges, {0x20010db800000000, 0}));
  EXPECT_TRUE(is_allowed(ranges, {~0ULL, ~0ULL}));
}

TEST(ClientPrefixes, EveryPartOfAPolicyIsInItsCheck) {
  Policy policy{};
  std::vector<ClientRange> ranges = {from({}, true)};
  const std::uint32_t check = policy_check(policy, ranges);
  EXPECT_EQ(policy_check(policy, ranges), check);
  policy.proven_s = 1;
  EXPECT_NE(policy_check(policy, ranges), check);
  policy.proven_s = 0;
  EXPECT_NE(policy_check(policy, {}), check);
  ranges[0].allowed = 0;
  EXPECT_NE(policy_check(policy, ranges), check);
}

}  // namespace
}  // namespace dialtone::abi
