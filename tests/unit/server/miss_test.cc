// SPDX-License-Identifier: Apache-2.0
//
// Names that the index lacks, when the policy says to ask control: what is asked, and what who
// waits is told.
#include "tests/unit/server/misses.h"

namespace dialtone::server {
namespace {

TEST_F(Misses, TheFileIsServedWhenItIsPublished) {
  EXPECT_FALSE(ask("SEP001122334455.cnf.xml"));
  EXPECT_EQ(asked(), std::vector<std::string>{"sep001122334455.cnf.xml"});
  EXPECT_EQ(kind, abi::MissKind::kUnknown);
  EXPECT_EQ(server.count(Counter::kParkedNow), 1U);
  EXPECT_TRUE(server.unasked().empty());
  publish({{"other", "x"}});  // not that one
  EXPECT_TRUE(server.unasked().empty());
  publish({{"sep001122334455.cnf.xml", "<device/>"}});
  const auto replies = server.unasked();
  ASSERT_EQ(replies.size(), 1U);
  EXPECT_EQ(replies[0].opcode, 3);
  EXPECT_EQ(replies[0].number, 1);
  EXPECT_EQ(replies[0].body, "<device/>");
  EXPECT_EQ(server.count(Counter::kMissesFound), 1U);
  EXPECT_EQ(server.count(Counter::kParkedServed), 1U);
  EXPECT_EQ(server.count(Counter::kRequestsNotFound), 0U);
}

TEST_F(Misses, ATombstoneAnswersWhoWaitsAndWhoComesLater) {
  EXPECT_FALSE(ask("nosuch"));
  publish({{"a", "hello"}}, {"nosuch"}, 10000);
  expect_not_found(server.unasked());
  EXPECT_EQ(server.count(Counter::kMissesAbsent), 1U);
  EXPECT_EQ(asked().size(), 1U);
  // As long as it is in force, there is nothing to ask.
  server.now += 9999 * kMs;
  EXPECT_TRUE(ask("nosuch", 2001));
  EXPECT_EQ(server.count(Counter::kMissesKnown), 1U);
  EXPECT_TRUE(asked().empty());
  // It runs out without a new generation.
  server.now += 1 * kMs;
  EXPECT_FALSE(ask("nosuch", 2002));
  EXPECT_EQ(asked(), std::vector<std::string>{"nosuch"});
  EXPECT_EQ(kind, abi::MissKind::kAgain);
}

TEST_F(Misses, ATombstoneNeverHidesAFile) {
  publish({{"late", "here"}}, {"late"});
  EXPECT_TRUE(ask("late"));
  EXPECT_EQ(server.count(Counter::kRequestsProcessed), 1U);
}

TEST_F(Misses, WithoutAWordFromControlTheAnswerIsNotFoundWhenTimeIsOver) {
  EXPECT_FALSE(ask("nosuch"));
  server.now += (kParkMs - 1) * kMs;
  EXPECT_TRUE(server.unasked().empty());
  server.now += kMs;
  expect_not_found(server.unasked());
  EXPECT_EQ(server.count(Counter::kMissesTimedOut), 1U);
  EXPECT_EQ(server.count(Counter::kRequestsNotFound), 1U);
  EXPECT_EQ(server.count(Counter::kParkedNow), 0U);
}

TEST_F(Misses, TimeCountsFromTheFirstRequest) {
  EXPECT_FALSE(ask("nosuch"));
  server.now += (kParkMs - 1) * kMs;
  EXPECT_FALSE(ask("nosuch"));  // a repeat
  EXPECT_EQ(server.count(Counter::kParkedRepeated), 1U);
  server.now += kMs;
  expect_not_found(server.unasked());
}

TEST_F(Misses, ANameIsAskedForOnceHoweverManyWait) {
  for (std::uint16_t port = 2000; port < 2010; ++port) {
    EXPECT_FALSE(ask("load.bin", port));
  }
  EXPECT_FALSE(ask("LOAD.BIN", 2010));
  EXPECT_EQ(asked(), std::vector<std::string>{"load.bin"});
  EXPECT_EQ(server.count(Counter::kMissesAsked), 1U);
  publish({{"load.bin", "bytes"}});
  EXPECT_EQ(server.unasked().size(), 11U);
  EXPECT_EQ(server.count(Counter::kMissesFound), 11U);
}

TEST_F(Misses, AfterTheLastHasGoneItIsAskedForAgain) {
  EXPECT_FALSE(ask("x", 2000));
  EXPECT_FALSE(ask("y", 2000));  // in its place
  EXPECT_FALSE(ask("x", 2001));
  EXPECT_EQ(asked(), (std::vector<std::string>{"x", "y", "x"}));
}

// Control may have lost it, as when it was started anew: those who come later must not wait for
// each other.
TEST_F(Misses, WhenWhoMadeUsAskHasGoneItIsAskedForAgain) {
  EXPECT_FALSE(ask("x", 2000));
  EXPECT_EQ(asked(), std::vector<std::string>{"x"});
  server.now += (kParkMs - 1) * kMs;
  EXPECT_FALSE(ask("x", 2001));
  EXPECT_TRUE(asked().empty());
  server.now += kMs;
  expect_not_found(server.unasked());
  EXPECT_FALSE(ask("x", 2002));
  EXPECT_EQ(asked(), std::vector<std::string>{"x"});
  EXPECT_EQ(server.count(Counter::kParkedNow), 2U);
}

TEST_F(Misses, AnswersAtOnceWhenNobodyListens) {
  listening_ = false;
  EXPECT_TRUE(ask("nosuch"));
  EXPECT_EQ(server.count(Counter::kMissesNotAsked), 1U);
  EXPECT_TRUE(asked().empty());
}

TEST_F(Misses, ATransferOfTheClientEndsWhenItAsksForWhatIsMissing) {
  EXPECT_TRUE(ask("a"));
  EXPECT_FALSE(ask("nosuch"));
  EXPECT_EQ(server.sessions(), 0U);
  EXPECT_EQ(server.count(Counter::kTransfersReplaced), 1U);
}

TEST_F(Misses, ARuleThatChangesEndsTheWaiting) {
  EXPECT_FALSE(ask("nosuch"));
  test::TestImage at_once(1 << 16, 100);
  at_once.add("a", "hello").build();
  server.publish(&at_once.live());
  expect_not_found(server.unasked());
  EXPECT_TRUE(ask("nosuch"));
}

}  // namespace
}  // namespace dialtone::server
