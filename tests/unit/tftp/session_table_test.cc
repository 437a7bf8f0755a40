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

TEST(Tid, WorkerAndBucketInThePort) {
  const TidLayout one(0, 0);
  EXPECT_EQ(one.bucket_count(), 32768U);
  EXPECT_EQ(one.port(0), 0x8000);
  EXPECT_EQ(one.port(32767), 0xffff);
  EXPECT_FALSE(one.is_ours(0x7fff));

  const TidLayout third(2, 2);
  EXPECT_EQ(third.bucket_count(), 8192U);
  EXPECT_EQ(third.port(5), 0x8000 | 2 << 13 | 5);
  EXPECT_TRUE(third.is_ours(third.port(5)));
  EXPECT_EQ(third.bucket(third.port(5)), 5U);
  EXPECT_FALSE(third.is_ours(TidLayout(1, 2).port(5)));
  EXPECT_FALSE(third.is_ours(69));
}

TEST(SessionTable, ABucketHoldsManyClients) {
  SessionTable table(TidLayout(0, 6), 8, 1);
  std::vector<Session*> sessions;
  for (std::uint16_t port = 1; port <= 8; ++port) {
    sessions.push_back(table.insert(3, client_key(9, port), kNoLimit));
    ASSERT_NE(sessions.back(), nullptr);
    EXPECT_EQ(sessions.back()->server_port, table.tid().port(3));
  }
  EXPECT_EQ(table.insert(3, client_key(9, 9), kNoLimit), nullptr);
  EXPECT_EQ(table.insert(4, client_key(9, 9), kNoLimit), nullptr);
  table.erase(*sessions[0]);  // the one in the array
  table.erase(*sessions[4]);
  EXPECT_EQ(table.find(3, client_key(9, 1)), nullptr);
  EXPECT_EQ(table.find(3, client_key(9, 5)), nullptr);
  EXPECT_EQ(table.find(3, client_key(9, 8)), sessions[7]);
  EXPECT_EQ(table.size(), 6U);
}

TEST(SessionTable, TheLimitOfThePolicyHolds) {
  SessionTable table(TidLayout(0, 6), 8, 1);
  EXPECT_NE(table.insert(0, client_key(1, 1), 1), nullptr);
  EXPECT_EQ(table.insert(1, client_key(1, 2), 1), nullptr);
}

TEST(SessionTable, BucketsDependOnTheSeed) {
  const SessionTable a(TidLayout(0, 0), 1, 1);
  const SessionTable b(TidLayout(0, 0), 1, 2);
  std::set<std::uint32_t> seen;
  int same = 0;
  for (std::uint16_t port = 1; port <= 1000; ++port) {
    const ClientKey client = client_key(0x0a000001, port);
    same += a.bucket_of(client) == b.bucket_of(client);
    seen.insert(a.bucket_of(client));
  }
  EXPECT_LT(same, 5);
  EXPECT_GT(seen.size(), 950U);
}

TEST(SessionTable, AgreesWithAMapUnderRandomUse) {
  SessionTable table(TidLayout(0, 6), 600, 42);
  std::map<ClientKey, Session*> model;
  std::mt19937 random(7);
  for (int i = 0; i < 50000; ++i) {
    const ClientKey client = client_key(0x0a000000 + random() % 40, 1 + random() % 40);
    const std::uint32_t bucket = table.bucket_of(client);
    Session* found = table.find(bucket, client);
    const auto known = model.find(client);
    ASSERT_EQ(found, known == model.end() ? nullptr : known->second);
    if (found != nullptr) {
      table.erase(*found);
      model.erase(client);
    } else if (Session* made = table.insert(bucket, client, kNoLimit)) {
      model[client] = made;
    } else {
      ASSERT_EQ(model.size(), 600U);
    }
    ASSERT_EQ(table.size(), model.size());
  }
}

}  // namespace
}  // namespace dialtone::tftp
