// SPDX-License-Identifier: Apache-2.0
#include "dataplane/tftp/session_table.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>
#include <vector>

namespace dialtone::tftp {
namespace {

constexpr std::size_t kNoLimit = 1 << 20;

ClientKey client_of(std::uint32_t address, std::uint16_t port, std::uint32_t network = 0) {
  return {IpAddress::from_v4(address), network, port};
}

TEST(Tid, WorkerAndHashInThePort) {
  const TidLayout one(0, 0);
  EXPECT_EQ(one.port(0), 0x8000);
  EXPECT_EQ(one.port(~std::uint64_t{0}), 0xffff);
  EXPECT_FALSE(one.is_ours(0x7fff));

  const TidLayout third(2, 2);
  const std::uint16_t port = third.port(std::uint64_t{5} << 51);
  EXPECT_EQ(port, 0x8000 | 2 << 13 | 5);
  EXPECT_TRUE(third.is_ours(port));
  EXPECT_EQ(third.worker_of(port), 2U);
  EXPECT_EQ(third.worker_of(TidLayout(1, 2).port(0)), 1U);
  EXPECT_FALSE(third.is_ours(TidLayout(1, 2).port(0)));
  EXPECT_FALSE(third.is_ours(69));
}

TEST(SessionTable, ABucketHoldsManyClients) {
  SessionTable table(TidLayout(0, 6), 8, 1);
  std::vector<Session*> sessions;
  for (std::uint16_t port = 1; port <= 8; ++port) {
    sessions.push_back(table.insert(3, client_of(9, port), kNoLimit));
    ASSERT_NE(sessions.back(), nullptr);
    EXPECT_EQ(sessions.back()->server_port, table.tid().port(3));
  }
  EXPECT_EQ(table.insert(3, client_of(9, 9), kNoLimit), nullptr);
  EXPECT_EQ(table.insert(4, client_of(9, 9), kNoLimit), nullptr);
  for (std::uint16_t port = 1; port <= 8; ++port) {
    EXPECT_EQ(table.find(3, client_of(9, port)), sessions[port - 1U]);
  }
  EXPECT_EQ(table.find(3, client_of(9, 9)), nullptr);
  EXPECT_EQ(table.size(), 8U);
}

TEST(SessionTable, TheLimitOfThePolicyHolds) {
  SessionTable table(TidLayout(0, 6), 8, 1);
  EXPECT_NE(table.insert(0, client_of(1, 1), 1), nullptr);
  EXPECT_EQ(table.insert(1, client_of(1, 2), 1), nullptr);
}

TEST(SessionTable, AddressVlanAndOurAddressTellClientsApart) {
  SessionTable table(TidLayout(0, 0), 16, 1);
  const std::vector<ClientKey> clients = {
      client_of(9, 7),
      client_of(9, 7, network_of(5, 0, 0)),
      client_of(9, 7, network_of(0, 5, 0)),
      client_of(9, 7, network_of(0, 0, 1)),
      {{0x20010db800000000, 0x0000ffff00000009}, 0, 7},
  };
  std::set<Session*> seen;
  for (const ClientKey& client : clients) {
    seen.insert(table.insert(table.hash(client), client, kNoLimit));
  }
  EXPECT_EQ(seen.size(), clients.size());
  for (const ClientKey& client : clients) {
    EXPECT_EQ(seen.count(table.find(table.hash(client), client)), 1U);
  }
}

TEST(SessionTable, PortsDependOnTheSeed) {
  const SessionTable a(TidLayout(0, 0), 1, 1);
  const SessionTable b(TidLayout(0, 0), 1, 2);
  std::set<std::uint16_t> seen;
  int same = 0;
  for (std::uint16_t port = 1; port <= 1000; ++port) {
    const ClientKey client = client_of(0x0a000001, port);
    const std::uint16_t tid = a.tid().port(a.hash(client));
    same += tid == b.tid().port(b.hash(client));
    seen.insert(tid);
  }
  EXPECT_LT(same, 5);
  EXPECT_GT(seen.size(), 950U);
}

TEST(SessionTable, AFullTableHasRoomForEachOfItsSessions) {
  constexpr std::uint32_t kSessions = 1 << 17;
  SessionTable table(TidLayout(0, 0), kSessions, 3);
  for (std::uint32_t i = 0; i < kSessions; ++i) {
    const ClientKey client = client_of(0x0a000000 + i, 49152);
    ASSERT_NE(table.insert(table.hash(client), client, kNoLimit), nullptr) << i;
  }
  EXPECT_LE(table.memory_bytes(), kSessions * std::size_t{192});
}

TEST(SessionTable, AgreesWithAMapUnderRandomUse) {
  SessionTable table(TidLayout(0, 6), 600, 42);
  std::map<std::pair<std::uint32_t, std::uint16_t>, Session*> model;
  std::mt19937 random(7);
  for (int i = 0; i < 50000; ++i) {
    const std::uint32_t address = 0x0a000000 + random() % 40;
    const auto port = static_cast<std::uint16_t>(1 + random() % 40);
    const ClientKey client = client_of(address, port);
    Session* found = table.find(table.hash(client), client);
    const auto known = model.find({address, port});
    ASSERT_EQ(found, known == model.end() ? nullptr : known->second);
    if (found != nullptr) {
      table.erase(*found);
      model.erase({address, port});
    } else if (Session* made = table.insert(table.hash(client), client, kNoLimit)) {
      model[{address, port}] = made;
    } else {
      ASSERT_EQ(model.size(), 600U);
    }
    ASSERT_EQ(table.size(), model.size());
  }
}

}  // namespace
}  // namespace dialtone::tftp
