// SPDX-License-Identifier: Apache-2.0
//
// Windows (RFC 7440) and the number behind 65535, first case by case, then against a model of a
// sender that is slow and simple.
#include "dataplane/tftp/transfer.h"
#include "tests/unit/tftp/unread_content.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace dialtone::tftp {
namespace {

Session session_of(std::uint64_t blocks, std::uint8_t window) {
  Session session;
  session.content = unread_content();
  session.length = blocks * 512 - 1;
  session.window = window;
  begin(session, 0);
  return session;
}

// All that may be sent now, as "6-13"; "" for nothing.
std::string send_all(Session& session) {
  std::string text;
  std::uint16_t last = 0;
  while (may_send(session)) {
    last = next_block(session).number;
    text = text.empty() ? std::to_string(last) : text;
    on_sent(session);
  }
  return text.empty() ? text : text + "-" + std::to_string(last);
}

TEST(Window, FillsAndFollowsTheAckRfc7440) {
  Session session = session_of(100, 8);
  EXPECT_EQ(send_all(session), "1-8");
  EXPECT_EQ(on_ack(session, 8, 1), AckOutcome::kAdvanced);
  EXPECT_EQ(send_all(session), "9-16");
}

TEST(Window, AnAckWithinItBeginsTheNextBehindItT74) {
  Session session = session_of(100, 8);
  send_all(session);
  EXPECT_EQ(on_ack(session, 5, 1), AckOutcome::kAdvanced);
  EXPECT_EQ(send_all(session), "6-13");
}

TEST(Window, TheSameAckAgainSendsNothingT75T76) {
  Session session = session_of(100, 8);
  send_all(session);
  on_ack(session, 5, 1);
  send_all(session);
  EXPECT_EQ(on_ack(session, 5, 2), AckOutcome::kDuplicate);
  EXPECT_EQ(send_all(session), "");
  EXPECT_EQ(on_ack(session, 13, 3), AckOutcome::kAdvanced);
  EXPECT_EQ(send_all(session), "14-21");
  EXPECT_EQ(on_ack(session, 13, 4), AckOutcome::kDuplicate);
  EXPECT_EQ(send_all(session), "");
}

TEST(Window, AnAckOfWhatWasSentBeforeTheStepBackIsGood) {
  Session session = session_of(100, 8);
  send_all(session);
  on_ack(session, 2, 1);  // an early one: 3-8 were on their way
  EXPECT_EQ(next_block(session).number, 3);
  on_sent(session);
  EXPECT_EQ(on_ack(session, 8, 2), AckOutcome::kAdvanced);
  EXPECT_EQ(send_all(session), "9-16");
}

TEST(Window, ATimeoutSendsItAgainFromTheLastAck) {
  Session session = session_of(100, 4);
  send_all(session);
  on_ack(session, 4, 1);
  send_all(session);
  on_timeout(session, 9);
  EXPECT_EQ(send_all(session), "5-8");
  EXPECT_EQ(session.copies, 1);
}

TEST(Window, TheEndIsShorterThanAWindow) {
  Session session = session_of(10, 8);
  send_all(session);
  on_ack(session, 8, 1);
  EXPECT_EQ(send_all(session), "9-10");
  EXPECT_EQ(on_ack(session, 9, 2), AckOutcome::kAdvanced);
  EXPECT_EQ(send_all(session), "10-10");
  EXPECT_EQ(on_ack(session, 10, 3), AckOutcome::kFinished);
}

TEST(Window, NothingButAck0MovesAnOackT56Rfc2347) {
  Session session = session_of(10, 4);
  session.set(SessionFlag::kOackPending);
  EXPECT_EQ(send_all(session), "");
  for (const std::uint16_t number : {1, 2, 0x7fff, 0xffff}) {
    EXPECT_EQ(on_ack(session, number, 1), AckOutcome::kFuture) << number;
  }
  EXPECT_EQ(on_ack(session, 0, 1), AckOutcome::kAdvanced);
  EXPECT_EQ(send_all(session), "1-4");
  EXPECT_EQ(on_ack(session, 0, 2), AckOutcome::kDuplicate);
}

TEST(Window, TheNumberWrapsWithinItT73) {
  Session session = session_of(70000, 16);
  session.acked = 65530;
  EXPECT_EQ(send_all(session), "65531-10");
  EXPECT_EQ(on_ack(session, 65535, 1), AckOutcome::kAdvanced);
  EXPECT_EQ(session.acked, 65535U);
  EXPECT_EQ(send_all(session), "0-15");
  EXPECT_EQ(on_ack(session, 0, 1), AckOutcome::kAdvanced);
  EXPECT_EQ(send_all(session), "1-16");
}

TEST(Window, AnAckForEachBlockCostsNoWindowEach) {
  Session session = session_of(1000, 64);
  std::size_t sent = 0;
  for (std::uint16_t number = 1; number < 1000; ++number) {
    for (; may_send(session); ++sent) {
      on_sent(session);
    }
    ASSERT_EQ(on_ack(session, number, 1), AckOutcome::kAdvanced) << number;
  }
  EXPECT_LE(sent, 1000U + 64 * (kMaxStepsBack + 1));
}

TEST(Window, RolloverToOneLeavesOutTheZero) {
  Session session = session_of(140000, 16);
  session.set(SessionFlag::kRolloverToOne);
  for (const std::uint64_t turn : {65530u, 65530u + 65535u}) {
    session.acked = turn;
    session.highest = session.sent = 0;
    EXPECT_EQ(send_all(session), "65531-11");
    EXPECT_EQ(on_ack(session, 0, 1), AckOutcome::kDuplicate);
    EXPECT_EQ(on_ack(session, 1, 1), AckOutcome::kAdvanced);
    EXPECT_EQ(session.acked, turn + 6);
  }
}

// What a sender has to do, said without offsets or modulo: block numbers in full, a list of what
// was ever sent.
struct Model {
  std::uint64_t blocks;
  std::uint64_t window;
  std::uint64_t acked = 0;
  std::uint64_t next = 1;
  std::uint64_t highest = 0;
  int early = 0;

  std::vector<std::uint64_t> send_all() {
    std::vector<std::uint64_t> sent;
    for (; next <= blocks && next <= acked + window; ++next) {
      sent.push_back(next);
      highest = std::max(highest, next);
    }
    return sent;
  }
  bool on_ack(std::uint64_t block) {
    if (block <= acked || block > highest) {
      return false;
    }
    acked = block;
    if (block == highest) {
      early = 0;
    }
    next = block == highest || early < kMaxStepsBack ? acked + 1 : highest + 1;
    early += block == highest || early == kMaxStepsBack ? 0 : 1;
    return true;
  }
};

TEST(Window, AgreesWithASimpleModel) {
  std::mt19937_64 random(7440);
  for (int round = 0; round < 200; ++round) {
    const std::uint64_t blocks = 1 + random() % 400 + (round % 20 == 0 ? 65500 : 0);
    const auto window = static_cast<std::uint8_t>(1 + random() % 64);
    Session session = session_of(blocks, window);
    Model model{blocks, window};
    for (int step = 0; step < 5000; ++step) {
      std::vector<std::uint64_t> sent;
      while (may_send(session)) {
        sent.push_back(session.acked + session.sent + 1);
        ASSERT_EQ(next_block(session).number, static_cast<std::uint16_t>(sent.back()));
        on_sent(session);
      }
      ASSERT_EQ(sent, model.send_all());
      if (random() % 8 == 0) {
        on_timeout(session, 0);
        model.next = model.acked + 1;
        model.early = 0;
        continue;
      }
      // Some block near: before, within or behind the window.
      const std::uint64_t ack =
          model.acked + random() % (2 * window) - std::min<std::uint64_t>(model.acked, window / 4);
      const AckOutcome outcome = on_ack(session, static_cast<std::uint16_t>(ack), 0);
      const bool moved = model.on_ack(ack);
      ASSERT_EQ(moved, outcome == AckOutcome::kAdvanced || outcome == AckOutcome::kFinished) << ack;
      ASSERT_EQ(session.acked, model.acked);
      ASSERT_EQ(outcome == AckOutcome::kFinished, moved && model.acked == blocks);
      if (outcome == AckOutcome::kFinished) {
        break;
      }
    }
  }
}

}  // namespace
}  // namespace dialtone::tftp
