// SPDX-License-Identifier: Apache-2.0
//
// How many are served at a time, and what whoever comes then hears.
#include "tests/unit/server/admitted.h"

namespace dialtone::server {
namespace {

using test::Admitted;
using test::kPhoneAddress;
using test::ReplyView;
using test::TestImage;

TEST_F(Admitted, AFullServerIsBusyWithThePolicysCodeAndText) {
  serve([](TestImage& i) {
    i.policy().max_sessions = 2;
    i.policy().answers_busy = 1;
  });
  EXPECT_TRUE(asks(kPhoneAddress, 1001));
  EXPECT_TRUE(asks(kPhoneAddress, 1002));
  const ReplyView reply = server->ask(rrq(kPhoneAddress, 1003));
  EXPECT_EQ(reply.opcode, 5);
  EXPECT_EQ(reply.number, 3);
  EXPECT_EQ(reply.body, "Process Allocation Exceeded");
  EXPECT_EQ(server->count(Counter::kRequestsBusy), 1U);
  EXPECT_EQ(server->count(DropReason::kSessionsExhausted), 0U);
  // Who is being served asks again, or for something else.
  EXPECT_EQ(server->ask(rrq(kPhoneAddress, 1002)).opcode, 3);
  EXPECT_EQ(server->ask(rrq(kPhoneAddress, 1001, "short")).opcode, 3);
  EXPECT_EQ(server->sessions(), 2U);
}

TEST_F(Admitted, TheServingCountChangesWithAPublish) {
  serve([](TestImage& i) { i.policy().max_sessions = 1; });
  EXPECT_TRUE(asks(kPhoneAddress, 1001));
  EXPECT_FALSE(asks(kPhoneAddress, 1002));
  serve([](TestImage& i) { i.policy().max_sessions = 2; });
  EXPECT_EQ(server->run_timers().size(), 1U) << "who has waited is served";
  EXPECT_EQ(server->sessions(), 2U);
  server->responder().end_all_sessions();
}

// Else the sum over the workers has the count of before for those that nobody asks.
TEST_F(Admitted, TheServingLimitIsThePolicysBeforeAnybodyAsks) {
  serve([](TestImage& i) { i.policy().max_sessions = 2; });
  server->run_timers();
  EXPECT_EQ(server->count(Counter::kServingLimit), 2U);
  serve([](TestImage& i) { i.policy().max_sessions = 1; });
  server->run_timers();
  EXPECT_EQ(server->count(Counter::kServingLimit), 1U);
}

TEST_F(Admitted, EachWorkerHasItsPartOfTheServingCount) {
  struct Case {
    std::uint32_t worker;
    std::uint32_t total;
    std::size_t part;
  };
  for (const Case& c : {Case{0, 30, 8}, Case{3, 30, 7}, Case{1, 2, 1}, Case{3, 2, 1}}) {
    server.reset();
    serve([&](TestImage& i) { i.policy().max_sessions = c.total; },
          {.worker = c.worker, .workers = 4, .worker_bits = 2});
    for (std::uint16_t port = 1000; port < 1040; ++port) {
      server->send(rrq(kPhoneAddress, port));
    }
    EXPECT_EQ(server->sessions(), c.part) << c.worker << " of " << c.total;
  }
}

TEST_F(Admitted, UnprovenSourcesTakeHalfOfTheSessionsAtMost) {
  serve_limited();  // 64 sessions
  for (std::uint32_t i = 0; i < 100; ++i) {
    asks(0x0b000000 + (i << 8), 1000);
  }
  EXPECT_EQ(server->sessions(), 32U);
  EXPECT_EQ(server->count(DropReason::kUnanswered), 68U);
}

TEST_F(Admitted, SessionsThatAreAnsweredAreOutOfThatHalf) {
  serve_limited();
  for (std::uint32_t i = 0; i < 60; ++i) {
    prove(0x0b000000 + (i << 8), 1000);
  }
  EXPECT_EQ(server->sessions(), 60U);
  EXPECT_EQ(server->count(Counter::kSessionsUnanswered), 0U);
  // Asked again, a session is unanswered; and whoever is proven may ask again.
  EXPECT_TRUE(asks(0x0b000000, 1000));
  EXPECT_EQ(server->count(Counter::kSessionsUnanswered), 1U);
}

}  // namespace
}  // namespace dialtone::server
