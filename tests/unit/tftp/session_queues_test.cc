// SPDX-License-Identifier: Apache-2.0
#include "dataplane/tftp/session_queues.h"

#include <gtest/gtest.h>

#include <array>

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

}  // namespace
}  // namespace dialtone::tftp
