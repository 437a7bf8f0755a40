// SPDX-License-Identifier: Apache-2.0
#include "dataplane/io/steering.h"

#include <gtest/gtest.h>
#include <rte_ethdev.h>
#include <rte_thash.h>

#include <vector>

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

TEST(Steering, SaysWhatWasAskedForAndWhatTheDriverSays) {
  const auto says = [](std::uint64_t asked, std::optional<std::uint64_t> granted,
                       std::string_view part) {
    const std::string text = steering_text("net_some", asked, granted);
    EXPECT_NE(text.find(part), std::string::npos) << text;
  };
  constexpr std::uint64_t kBoth = RTE_ETH_RSS_IPV4 | RTE_ETH_RSS_IPV6;
  says(kBoth, kBoth, "was asked to steer by addresses alone, and says that it does, for IPv4 and");
  says(kBoth, RTE_ETH_RSS_IPV4, "for IPv4 only");
  says(kBoth, RTE_ETH_RSS_IPV6, "for IPv6 only");
  says(kBoth, kBoth | RTE_ETH_RSS_NONFRAG_IPV4_UDP, "takes the ports of UDP as well");
  says(kBoth, 0, "says that it does not");
  says(kBoth, std::nullopt, "does not say what it does");
  says(0, 0, "has no hash of addresses");
  EXPECT_EQ(
      steering_text("net_af_packet", 0, 0),
      "net_af_packet steers by addresses and ports: the kernel does it so for packet sockets");
}

TEST(Steering, KeysAreOfTheSizesThatAdaptersHave) {
  EXPECT_NE(hash_key(40), nullptr);
  EXPECT_NE(hash_key(52), nullptr);
  EXPECT_EQ(hash_key(0), nullptr) << "it takes none";
  EXPECT_EQ(hash_key(20), nullptr) << "too short for IPv6";
  EXPECT_EQ(hash_key(64), nullptr);
}

// The queue that a port chooses with what it is asked for: the first 128 entries of its redirection
// table are the queues in turn.
class Spread : public testing::Test {
 protected:
  // Addresses and ports as they are hashed, in 32-bit words of host order.
  static std::uint32_t queue_of(std::vector<std::uint32_t> addresses, std::uint32_t ports,
                                std::uint32_t queues) {
    if ((hashes_of_addresses(RTE_ETH_RSS_IP | RTE_ETH_RSS_UDP) & RTE_ETH_RSS_UDP) != 0) {
      addresses.push_back(ports);
    }
    const std::uint32_t hash =
        rte_softrss(addresses.data(), static_cast<std::uint32_t>(addresses.size()), hash_key(40));
    return hash % 128 % queues;
  }
  static void expect_even(const std::vector<std::vector<std::uint32_t>>& clients) {
    for (const std::uint32_t queues : {2U, 3U, 4U, 8U, 16U}) {
      std::vector<std::size_t> counts(queues);
      for (const auto& client : clients) {
        ++counts[queue_of(client, 0, queues)];
      }
      for (const std::size_t count : counts) {
        const double share =
            static_cast<double>(count * queues) / static_cast<double>(clients.size());
        EXPECT_GT(share, 0.8) << queues << " queues";
        EXPECT_LT(share, 1.25) << queues << " queues";
      }
    }
  }
};

constexpr std::uint32_t kServer = 0x0a4d0001;  // 10.77.0.1

TEST_F(Spread, AllPortsOfAClientComeToOneQueue) {
  for (std::uint32_t client = 0x0a4d0100; client < 0x0a4d0140; ++client) {
    const std::uint32_t request = queue_of({client, kServer}, 49152U << 16 | 69, 16);
    for (std::uint32_t port = 32768; port < 65536; port += 997) {
      EXPECT_EQ(queue_of({client, kServer}, 49152U << 16 | port, 16), request);
    }
  }
}

TEST_F(Spread, PhonesOfASubnetComeToAllQueuesAlike) {
  std::vector<std::vector<std::uint32_t>> clients;
  for (std::uint32_t host = 2; host < 10'002; ++host) {
    clients.push_back({0x0a4d0000 + host, kServer});
  }
  expect_even(clients);
}

TEST_F(Spread, PhonesOfIpv6Too) {
  std::vector<std::vector<std::uint32_t>> clients;
  for (std::uint32_t phone = 0; phone < 10'000; ++phone) {  // as their MACs say (RFC 4291 2.5.1)
    clients.push_back({0xfd000077, 0, 0x00d1a1ff, 0xfe000000 + phone, 0xfd000077, 0, 0, 1});
  }
  expect_even(clients);
}

}  // namespace
}  // namespace dialtone::io
