// SPDX-License-Identifier: Apache-2.0
//
// What a port is asked for, and what it says that it does. net_null has RSS like a NIC; software
// rings have none.
#include "dataplane/io/port.h"

#include "dataplane/io/steering.h"
#include "tests/component/ring_client.h"

#include <gtest/gtest.h>
#include <rte_dev.h>
#include <rte_ethdev.h>

#include <algorithm>
#include <array>

namespace dialtone::test {
namespace {

class NullPort : public testing::Test {
 protected:
  void SetUp() override {
    if (rte_eal_hotplug_add("vdev", kName, "") != 0 ||
        rte_eth_dev_get_port_by_name(kName, &id_) != 0) {
      GTEST_SKIP() << "this DPDK has no driver net_null";
    }
  }
  void TearDown() override { rte_eal_hotplug_remove("vdev", kName); }

  std::uint64_t hashes() const {
    rte_eth_rss_conf conf{};
    EXPECT_EQ(rte_eth_dev_rss_hash_conf_get(id_, &conf), 0);
    return conf.rss_hf;
  }

  static constexpr const char* kName = "net_null_steering";
  std::uint16_t id_ = 0;
};

TEST_F(NullPort, SeveralQueuesAreSteeredByAddresses) {
  const auto port = io::Port::open_id(id_, {.queues = 2});
  ASSERT_TRUE(port.ok()) << port.error().text;
  EXPECT_EQ(port->steering(),
            "net_null was asked to steer by addresses alone, and says that it does, for IPv4 and "
            "IPv6");
  EXPECT_NE(hashes() & RTE_ETH_RSS_IPV4, 0u);
  EXPECT_NE(hashes() & RTE_ETH_RSS_IPV6, 0u);
  EXPECT_EQ(hashes() & (RTE_ETH_RSS_UDP | RTE_ETH_RSS_TCP), 0u);
  std::array<std::uint8_t, 40> key{};
  rte_eth_rss_conf conf{};
  conf.rss_key = key.data();
  conf.rss_key_len = key.size();
  ASSERT_EQ(rte_eth_dev_rss_hash_conf_get(id_, &conf), 0);
  EXPECT_TRUE(std::equal(key.begin(), key.end(), io::hash_key(key.size())));
}

TEST_F(NullPort, OneQueueNeedsNoSteering) {
  const auto port = io::Port::open_id(id_, {.queues = 1});
  ASSERT_TRUE(port.ok()) << port.error().text;
  EXPECT_EQ(port->steering(), "");
}

TEST_F(NullPort, SaysWhatItCarries) {
  const auto port = io::Port::open_id(id_, {.queues = 1});
  ASSERT_TRUE(port.ok()) << port.error().text;
  EXPECT_EQ(port->mtu(), 1500u);
}

TEST(RingPort, HasNoRssAndServesWithSeveralQueues) {
  RingClient wire(2);
  const auto port = io::Port::open_id(wire.port(), {.queues = 2});
  ASSERT_TRUE(port.ok()) << port.error().text;
  EXPECT_NE(port->steering().find("has no hash of addresses"), std::string::npos)
      << port->steering();
}

}  // namespace
}  // namespace dialtone::test
