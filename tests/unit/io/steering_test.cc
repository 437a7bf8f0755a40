// SPDX-License-Identifier: Apache-2.0
#include "dataplane/io/steering.h"

#include <gtest/gtest.h>
#include <rte_ethdev.h>

namespace dialtone::io {
namespace {

TEST(Steering, PortsAreNotAskedFor) {
  const std::uint64_t asked =
      hashes_of_addresses(RTE_ETH_RSS_IP | RTE_ETH_RSS_UDP | RTE_ETH_RSS_TCP | RTE_ETH_RSS_PORT);
  EXPECT_EQ(asked, std::uint64_t{RTE_ETH_RSS_IP});
  EXPECT_EQ(hashes_of_addresses(RTE_ETH_RSS_IPV4 | RTE_ETH_RSS_NONFRAG_IPV4_UDP),
            std::uint64_t{RTE_ETH_RSS_IPV4});
  EXPECT_EQ(hashes_of_addresses(RTE_ETH_RSS_UDP), 0u);
}

TEST(Steering, SaysWhatThePortDoes) {
  const auto begins = [](const std::string& text, std::string_view with) {
    return text.substr(0, with.size()) == with;
  };
  EXPECT_EQ(steering_text("net_ixgbe", RTE_ETH_RSS_IPV4, RTE_ETH_RSS_IPV4), "by addresses");
  EXPECT_TRUE(begins(
      steering_text("net_ice", RTE_ETH_RSS_IPV4, RTE_ETH_RSS_IPV4 | RTE_ETH_RSS_NONFRAG_IPV4_UDP),
      "by addresses and ports"));
  EXPECT_TRUE(begins(steering_text("net_ixgbe", RTE_ETH_RSS_IPV4, 0), "no RSS: it was asked for"));
  EXPECT_TRUE(
      begins(steering_text("net_tap", RTE_ETH_RSS_IPV4, std::nullopt), "by addresses if it does"));
  EXPECT_TRUE(begins(steering_text("net_memif", 0, 0), "no RSS: the driver"));
  EXPECT_TRUE(begins(steering_text("net_af_packet", 0, 0), "by addresses and ports"));
}

}  // namespace
}  // namespace dialtone::io
