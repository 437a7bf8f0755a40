// SPDX-License-Identifier: Apache-2.0
#include "dataplane/tftp/session_queues.h"

#include <gtest/gtest.h>

#include <array>

namespace dialtone::tftp {
namespace {

constexpr TickRate kRate(1'000'000);  // a tick is a microsecond

TEST(SessionQueues, NobodyIsNeverDue) {
  SessionQueues queues(kRate);
  EXPECT_EQ(queues.due(~Ticks{0} - 1), nullptr);
  EXPECT_EQ(queues.first_ready(), nullptr);
  EXPECT_EQ(queues.any(), nullptr);
}

TEST(SessionQueues, EachIsLookedAtFourTimesInItsTimeoutOrMore) {
  for (const Ticks timeout : {10'000u, 39'999u, 40'000u, 100'000u, 1'000'000u, 255'000'000u}) {
    SessionQueues queues(kRate);
    Session session;
    queues.wait(session, timeout, 5);
    EXPECT_EQ(queues.due(5), nullptr);
    EXPECT_EQ(queues.due(5 + timeout / 4), &session) << timeout;
    EXPECT_LE(session.queue, 6);
  }
}

TEST(SessionQueues, OneWithAShortTimeoutWaitsForNoLongOne) {
  SessionQueues queues(kRate);
  Session slow;
  Session quick;
  queues.wait(slow, 10'000'000, 0);
  queues.wait(quick, 20'000, 0);
  EXPECT_EQ(queues.due(5'000), &quick);
  queues.remove(quick);
  EXPECT_EQ(queues.due(5'000), nullptr);
}

TEST(SessionQueues, OrderIsThatOfTheirTurnsWhoeverLeaves) {
  SessionQueues queues(kRate);
  std::array<Session, 4> sessions;
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
  SessionQueues queues(kRate);
  std::array<Session, 100> quick;
  Session slow;
  for (Session& session : quick) {
    queues.wait(session, 10'000, 0);
  }
  queues.wait(slow, 1'000'000, 0);
  EXPECT_NE(queues.due(1'000'000), &slow);
  EXPECT_EQ(queues.due(1'000'000), &slow);
}

TEST(SessionQueues, ReadyOnesAreNotDue) {
  SessionQueues queues(kRate);
  Session session;
  queues.make_ready(session);
  EXPECT_EQ(queues.first_ready(), &session);
  EXPECT_EQ(queues.due(~Ticks{0} - 1), nullptr);
  queues.remove(session);
  EXPECT_EQ(queues.first_ready(), nullptr);
}

}  // namespace
}  // namespace dialtone::tftp
