// SPDX-License-Identifier: Apache-2.0
#include "dataplane/tftp/session_queues.h"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <set>
#include <vector>

namespace dialtone::tftp {
namespace {

TEST(SessionQueues, NobodyIsNeverDue) {
  SessionQueues queues(nullptr);
  EXPECT_EQ(queues.due(~Micros{0} - 1), nullptr);
  EXPECT_EQ(queues.first_ready(), nullptr);
  EXPECT_EQ(queues.any(), nullptr);
}

TEST(SessionQueues, EachIsLookedAtFourTimesInItsTimeoutOrMore) {
  for (const std::uint32_t timeout :
       {10'000u, 39'999u, 40'000u, 100'000u, 1'000'000u, 255'000'000u}) {
    Session session;
    SessionQueues queues(&session);
    queues.wait(session, timeout, 5);
    EXPECT_EQ(queues.due(5), nullptr);
    EXPECT_EQ(queues.due(5 + timeout / 4), &session) << timeout;
    EXPECT_LE(session.queue, 6);
  }
}

// As after copies, which do not come in the order in which sessions began.
TEST(SessionQueues, TheOldestIsLookedForAmongThoseWhoseTurnComesNext) {
  std::array<Session, 12> sessions;
  SessionQueues queues(sessions.data());
  const auto anybody = [](const Session&) { return true; };
  EXPECT_EQ(queues.oldest_of_next(1'000'000, 0, anybody), nullptr);
  for (std::size_t i = 0; i < sessions.size(); ++i) {
    sessions[i].progress_us = static_cast<std::uint32_t>(100 - i);
    queues.wait(sessions[i], 1'000'000, 100 + i);
  }
  EXPECT_EQ(queues.oldest_of_next(1'000'000, 200, anybody), &sessions[7]) << "of eight";
  EXPECT_EQ(queues.oldest_of_next(5'000'000, 200, anybody), nullptr) << "another queue";
  const auto none_of_the_eight = [&](const Session& session) { return &session > &sessions[7]; };
  EXPECT_EQ(queues.oldest_of_next(1'000'000, 200, none_of_the_eight), nullptr);
  const auto third = [&](const Session& session) { return &session == &sessions[2]; };
  EXPECT_EQ(queues.oldest_of_next(1'000'000, 200, third), &sessions[2]);
}

TEST(SessionQueues, OneWithAShortTimeoutWaitsForNoLongOne) {
  std::array<Session, 2> sessions;
  SessionQueues queues(sessions.data());
  auto& [slow, quick] = sessions;
  queues.wait(slow, 10'000'000, 0);
  queues.wait(quick, 20'000, 0);
  EXPECT_EQ(queues.due(5'000), &quick);
  queues.remove(quick);
  EXPECT_EQ(queues.due(5'000), nullptr);
}

TEST(SessionQueues, OrderIsThatOfTheirTurnsWhoeverLeaves) {
  std::array<Session, 4> sessions;
  SessionQueues queues(sessions.data());
  for (std::size_t i = 0; i < sessions.size(); ++i) {
    queues.wait(sessions[i], 1'000'000, i);
  }
  queues.remove(sessions[0]);
  queues.remove(sessions[2]);
  EXPECT_EQ(queues.due(1'000'000), &sessions[1]);
  queues.remove(sessions[1]);
  queues.wait(sessions[1], 1'000'000, 1'000'000);
  EXPECT_EQ(queues.due(1'000'000), &sessions[3]);
  queues.remove(sessions[3]);
  EXPECT_EQ(queues.due(1'000'000), nullptr);
  EXPECT_EQ(queues.any(), &sessions[1]);
}

TEST(SessionQueues, ManyShortOnesHoldUpNoLongOne) {
  std::array<Session, 101> sessions;
  SessionQueues queues(sessions.data());
  Session& slow = sessions[100];
  for (std::size_t i = 0; i < 100; ++i) {
    queues.wait(sessions[i], 10'000, 0);
  }
  queues.wait(slow, 1'000'000, 0);
  EXPECT_NE(queues.due(1'000'000), &slow);
  EXPECT_EQ(queues.due(1'000'000), &slow);
}

TEST(SessionQueues, ReadyOnesAreNotDue) {
  Session session;
  SessionQueues queues(&session);
  queues.make_ready(session);
  EXPECT_EQ(queues.first_ready(), &session);
  EXPECT_EQ(queues.due(~Micros{0} - 1), nullptr);
  queues.remove(session);
  EXPECT_EQ(queues.first_ready(), nullptr);
}

// Sessions keep 32 bits of the time.
TEST(SessionQueues, TurnsComeWhenTheLowBitsOfTheTimeWrap) {
  Session session;
  SessionQueues queues(&session);
  const Micros before = (Micros{7} << 32) - 1000;
  queues.wait(session, 640'000, before);
  EXPECT_EQ(queues.due(before + 159'999), nullptr);
  EXPECT_EQ(queues.due(before + 160'000), &session);
}

// Whoever comes and goes: one is due exactly when the first of some queue has waited a quarter of
// the queue's base, and that one is given.
TEST(SessionQueues, AgreeWithAListUnderRandomUse) {
  struct Waiting {
    Session* session;
    std::uint64_t base;
    Micros since;
  };
  std::array<Session, 40> sessions;
  SessionQueues queues(sessions.data());
  std::vector<Waiting> list;    // in the order in which they began to wait
  std::vector<Session*> ready;  // likewise
  std::vector<Session*> outside;
  for (Session& session : sessions) {
    outside.push_back(&session);
  }
  std::mt19937 random(77);
  Micros now = (Micros{1} << 32) - 20'000'000;  // the low bits wrap on the way
  const auto take = [&](auto& from, std::size_t at) {
    const auto taken = from[at];
    from.erase(from.begin() + static_cast<std::ptrdiff_t>(at));
    return taken;
  };
  for (int round = 0; round < 50'000; ++round) {
    now += random() % 4 == 0 ? random() % 20'000 : 0;
    const auto kind = random() % 4;
    if (kind == 0 && !outside.empty()) {
      Session* session = take(outside, random() % outside.size());
      const std::uint64_t timeout = 10'000ULL << random() % 14;
      std::uint64_t base = 10'000;
      for (int step = 0; step < 6 && base * 4 <= timeout; ++step) {
        base *= 4;
      }
      queues.wait(*session, timeout, now);
      list.push_back({session, base, now});
    } else if (kind == 1 && !outside.empty()) {
      ready.push_back(take(outside, random() % outside.size()));
      queues.make_ready(*ready.back());
    } else if (kind == 2 && !list.empty()) {
      outside.push_back(take(list, random() % list.size()).session);
      queues.remove(*outside.back());
    } else if (kind == 3 && !ready.empty()) {
      outside.push_back(take(ready, random() % ready.size()));
      queues.remove(*outside.back());
    }
    ASSERT_EQ(queues.first_ready(), ready.empty() ? nullptr : ready.front());
    ASSERT_EQ(queues.any() == nullptr, list.empty() && ready.empty());
    std::set<Session*> due;
    std::set<std::uint64_t> bases;  // whose first has been looked at
    for (const Waiting& one : list) {
      if (bases.insert(one.base).second && now >= one.since + one.base / 4) {
        due.insert(one.session);
      }
    }
    Session* found = queues.due(now);
    ASSERT_EQ(found == nullptr, due.empty()) << round;
    ASSERT_TRUE(found == nullptr || due.count(found) == 1) << round;
  }
}

}  // namespace
}  // namespace dialtone::tftp
