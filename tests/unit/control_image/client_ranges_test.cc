// SPDX-License-Identifier: Apache-2.0
#include "control/image/client_ranges.h"

#include "dataplane/abi/client_prefixes.h"

#include <gtest/gtest.h>

#include <random>

namespace dialtone::image_build {
namespace {

ClientPrefix v4(std::uint32_t address, int bits, bool allowed) {
  return {{IpAddress::from_v4(address), static_cast<std::uint8_t>(96 + bits)}, allowed};
}

// What flatten() stands for, prefix by prefix.
bool longest_prefix_allows(const std::vector<ClientPrefix>& prefixes, const IpAddress& address) {
  const ClientPrefix* best = nullptr;
  bool any_allowed = false;
  for (const ClientPrefix& each : prefixes) {
    any_allowed = any_allowed || each.allowed;
    if (address.is_v4() && each.prefix.bits < 96) {
      continue;
    }
    if (each.prefix.holds(address) && (best == nullptr || each.prefix.bits > best->prefix.bits)) {
      best = &each;
    }
  }
  return best == nullptr ? !any_allowed : best->allowed;
}

TEST(ClientRanges, NoPrefixIsNoRange) {
  EXPECT_TRUE(flatten({}).empty());
}

TEST(ClientRanges, WhoIsNotAllowedIsDeniedAndWhoIsNotDeniedAllowed) {
  const auto allowed = flatten(std::vector{v4(0x0a000000, 8, true)});
  EXPECT_TRUE(abi::is_allowed(allowed, IpAddress::from_v4(0x0a123456)));
  EXPECT_FALSE(abi::is_allowed(allowed, IpAddress::from_v4(0x0b000000)));
  EXPECT_FALSE(abi::is_allowed(allowed, {0x20010db800000000, 1}));
  const auto denied = flatten(std::vector{v4(0x0a000000, 8, false)});
  EXPECT_FALSE(abi::is_allowed(denied, IpAddress::from_v4(0x0a123456)));
  EXPECT_TRUE(abi::is_allowed(denied, IpAddress::from_v4(0x0b000000)));
}

TEST(ClientRanges, AllOfAFamilyAndTheLastAddresses) {
  const auto ranges = flatten(std::vector{v4(0, 0, true), v4(0xffffffff, 32, false),
                                          ClientPrefix{{{~0ULL, ~0ULL}, 128}, true}});
  EXPECT_TRUE(abi::is_allowed(ranges, IpAddress::from_v4(0)));
  EXPECT_TRUE(abi::is_allowed(ranges, IpAddress::from_v4(0xfffffffe)));
  EXPECT_FALSE(abi::is_allowed(ranges, IpAddress::from_v4(0xffffffff)));
  EXPECT_FALSE(abi::is_allowed(ranges, {1, 0}));
  EXPECT_FALSE(abi::is_allowed(ranges, {~0ULL, ~0ULL - 1}));
  EXPECT_TRUE(abi::is_allowed(ranges, {~0ULL, ~0ULL}));
}

TEST(ClientRanges, AllOfIpv6IsNotIpv4) {
  const ClientPrefix allow{{{}, 0}, true};
  const ClientPrefix deny{{{}, 0}, false};
  const IpAddress phone = IpAddress::from_v4(0x0a000002);
  const IpAddress phone6{0x20010db800000000, 1};
  EXPECT_FALSE(abi::is_allowed(flatten(std::vector{allow}), phone));
  EXPECT_TRUE(abi::is_allowed(flatten(std::vector{allow}), phone6));
  EXPECT_TRUE(abi::is_allowed(flatten(std::vector{deny}), phone));
  EXPECT_FALSE(abi::is_allowed(flatten(std::vector{deny}), phone6));
  const auto both = flatten(std::vector{deny, v4(0, 0, true)});
  EXPECT_TRUE(abi::is_allowed(both, phone));
  EXPECT_FALSE(abi::is_allowed(both, phone6));
}

// Short prefixes in few places, so that they hold one another and begin at the same addresses.
TEST(ClientRanges, TheLongestPrefixWinsProperty) {
  std::mt19937 random(5);
  for (int round = 0; round < 300; ++round) {
    std::vector<ClientPrefix> prefixes;
    for (int i = 0; i < 12; ++i) {
      IpPrefix prefix{{}, static_cast<std::uint8_t>(random() % 9 * 16)};
      prefix.address = prefix.first_of({std::uint64_t{random() % 3} << 62 | random() % 2,
                                        std::uint64_t{random() % 3} << 62 | random() % 2});
      const auto same = [&](const ClientPrefix& each) { return each.prefix == prefix; };
      if (std::none_of(prefixes.begin(), prefixes.end(), same)) {
        prefixes.push_back({prefix, random() % 2 == 0});
      }
    }
    const auto ranges = flatten(prefixes);
    for (const ClientPrefix& each : prefixes) {
      const IpAddress first = each.prefix.address;
      const IpAddress last = each.prefix.last();
      for (const IpAddress& address :
           {first, last, IpAddress{first.high, first.low - 1}, IpAddress{last.high, last.low + 1},
            IpAddress{}, IpAddress{~0ULL, ~0ULL}}) {
        ASSERT_EQ(abi::is_allowed(ranges, address), longest_prefix_allows(prefixes, address))
            << round;
      }
    }
    ASSERT_TRUE(ranges.front().high == 0 && ranges.front().low == 0);
    for (std::size_t i = 1; i < ranges.size(); ++i) {
      ASSERT_NE(ranges[i].allowed, ranges[i - 1].allowed) << round;
    }
  }
}

}  // namespace
}  // namespace dialtone::image_build
