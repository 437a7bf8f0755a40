// SPDX-License-Identifier: Apache-2.0
//
// How many are served at a time, and what whoever comes then hears.
#include "tests/unit/server/admitted.h"

namespace dialtone::server {
namespace {

using test::Admitted;
using test::kPhoneAddress;
using test::ReplyView;
using test::Server;
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

// As a profile sets it, in a table of 64.
constexpr std::uint32_t kCount = 30;

class ToldBusy : public Admitted {
 protected:
  void serve_told_busy(std::uint32_t count, const Server::Options& options = {}) {
    serve(
        [count](TestImage& i) {
          test::set_limits(i.policy());
          i.policy().max_sessions = count;
          i.policy().answers_busy = 1;
        },
        options);
  }
  // Addresses without a neighbour.
  static std::uint32_t forged(std::uint32_t i) { return 0x0b000000 + (i << 8); }
  static std::uint32_t phone(std::uint32_t i) { return 0x0a000000 + (i << 8); }
  // So many phones that have answered before, and have no transfer now.
  void make_proven(std::uint32_t phones) {
    for (std::uint32_t i = 0; i < phones; ++i) {
      prove(phone(i), 1000);
      server->responder().end_all_sessions();
    }
  }
  // 3: DATA, 5: ERROR.
  std::uint16_t opcode_for(std::uint32_t address) { return server->ask(rrq(address, 2000)).opcode; }
};

TEST_F(ToldBusy, NewPhonesFillTheServingCountAndTheNextIsToldBusy) {
  serve_told_busy(kCount);
  for (std::uint32_t i = 0; i < kCount; ++i) {
    EXPECT_EQ(opcode_for(phone(i)), 3) << i;
  }
  for (std::uint32_t i = kCount; i < 200; ++i) {
    EXPECT_EQ(opcode_for(phone(i)), 5) << i;
  }
  EXPECT_EQ(server->sessions(), kCount);
  EXPECT_EQ(server->count(Counter::kRequestsBusy), 200U - kCount);
  EXPECT_EQ(server->count(DropReason::kUnanswered), 0U);
}

TEST_F(ToldBusy, ProvenPhonesKeepToTheServingCount) {
  serve_told_busy(kCount);
  make_proven(kCount + 1);
  for (std::uint32_t i = 0; i < kCount; ++i) {
    EXPECT_EQ(opcode_for(phone(i)), 3) << i;
  }
  EXPECT_EQ(opcode_for(phone(kCount)), 5);
}

TEST_F(ToldBusy, HalfOfTheServingCountIsForProvenSourcesWhateverForgedOnesHold) {
  serve_told_busy(kCount);
  make_proven(kCount);
  for (std::uint32_t i = 0; i < 100; ++i) {
    opcode_for(forged(i));
  }
  EXPECT_EQ(server->sessions(), kCount);
  for (std::uint32_t i = 0; i < kCount; ++i) {
    EXPECT_EQ(opcode_for(phone(i)), i < kCount / 2 ? 3 : 5) << i;
    EXPECT_EQ(opcode_for(forged(100 + i)), 5) << "none of what is kept for others";
  }
  EXPECT_EQ(server->sessions(), kCount + kCount / 2);
  // Forged sessions end by themselves, and with them what they took.
  copies_in(7);
  EXPECT_EQ(server->sessions(), 0U);
  for (std::uint32_t i = 0; i < kCount; ++i) {
    prove(phone(100 + i), 1000);
  }
  EXPECT_EQ(opcode_for(phone(0)), 5) << "who has answered is out of that";
}

// They have waited for one of them to acknowledge something. Nobody waits for a session here, so
// they take nothing from phones that are proven but what is served, and what is left over hears it.
TEST_F(ToldBusy, PhonesBehindANewAddressAreServedOrToldBusyOnceItIsProven) {
  serve_told_busy(kCount, {.max_parked = 256});
  make_proven(1);
  const std::uint32_t nat = phone(1000);
  const ReplyView first = server->ask(rrq(nat, 1000));
  EXPECT_TRUE(asks(nat, 1001));
  for (std::uint16_t port = 1002; port < 1022; ++port) {
    EXPECT_FALSE(asks(nat, port));
  }
  for (std::uint32_t i = 0; i < kCount - 2; ++i) {
    EXPECT_EQ(opcode_for(forged(i)), 3);
  }
  EXPECT_EQ(server->count(Counter::kParkedNow), 20U);
  server->send(test::Packet().from(nat, 1000).to_port(first.source_port).ack(1));
  const std::size_t kept = kCount / 2 - 1;  // 29 are unproven now
  std::size_t served = 0;
  for (const ReplyView& reply : server->unasked()) {
    EXPECT_EQ(reply.destination_port, 1002 + served) << "who has waited longest first";
    EXPECT_EQ(reply.opcode, served < kept ? 3 : 5);
    ++served;
  }
  EXPECT_EQ(served, 20U);
  EXPECT_EQ(server->sessions(), kCount + kept);
  EXPECT_EQ(server->count(Counter::kParkedNow), 0U);
  EXPECT_EQ(server->count(Counter::kParkedServed), kept);
  EXPECT_EQ(server->count(Counter::kParkedRefused), 20 - kept);
  EXPECT_EQ(server->count(Counter::kRequestsBusy), 20 - kept);
  EXPECT_EQ(opcode_for(phone(0)), 5) << "the others have it";
}

TEST_F(ToldBusy, ASmallCountIsNotExceededByMoreThanHalf) {
  for (const std::uint32_t count : {1U, 2U, 3U, 5U}) {
    server.reset();
    serve_told_busy(count);
    make_proven(2 * count);
    for (std::uint32_t i = 0; i < 2 * count; ++i) {
      opcode_for(forged(i));
    }
    for (std::uint32_t i = 0; i < 2 * count; ++i) {
      opcode_for(phone(i));
    }
    EXPECT_EQ(server->sessions(), count + count / 2) << count;
    server->responder().end_all_sessions();
  }
}

// Above the count its own session makes no room: it is busy before anything is charged to it.
TEST_F(ToldBusy, WhoAsksForSomethingElseAboveTheCountIsToldBusyAndUsesUpNothing) {
  serve_told_busy(4);
  make_proven(2);
  for (std::uint32_t i = 0; i < 4; ++i) {
    EXPECT_EQ(opcode_for(forged(i)), 3);
  }
  EXPECT_EQ(opcode_for(phone(0)), 3);
  EXPECT_EQ(opcode_for(phone(1)), 3);
  EXPECT_EQ(server->sessions(), 6U);
  const std::uint64_t dropped = server->count(DropReason::kFirstPackets);
  EXPECT_EQ(server->ask(rrq(forged(0), 2000, "short")).opcode, 5);
  EXPECT_EQ(server->sessions(), 5U) << "it has given its transfer up";
  EXPECT_EQ(server->count(DropReason::kFirstPackets), dropped);
  server->responder().end_all_sessions();
  EXPECT_EQ(opcode_for(forged(0)), 3) << "its second first packet is still to come";
}

TEST_F(ToldBusy, WhoIsToldBusyUsesUpNothing) {
  serve_told_busy(1);
  EXPECT_EQ(opcode_for(phone(0)), 3);
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(opcode_for(phone(1)), 5);
  }
  server->responder().end_all_sessions();
  EXPECT_EQ(opcode_for(phone(1)), 3);
}

TEST_F(ToldBusy, ForgedSourcesTakeHalfOfTheTableAtMost) {
  serve_told_busy(0);  // 64 sessions
  for (std::uint32_t i = 0; i < 100; ++i) {
    asks(forged(i), 1000);
  }
  EXPECT_EQ(server->sessions(), 32U);
  EXPECT_EQ(server->count(DropReason::kUnanswered), 68U);
}

TEST_F(ToldBusy, AFloodGetsAtMostFourTimesWhatCameIn) {
  serve(
      [](TestImage& i) {
        test::set_limits(i.policy());
        i.policy().max_sessions = 500;
        i.policy().answers_busy = 1;
        std::memset(i.policy().busy.text, 't', tftp::kMaxErrorText);
        i.add("x", "x");
      },
      {.max_sessions = 4096});
  constexpr std::size_t kRequest = 2 + sizeof("x") + sizeof("octet");
  std::size_t out = 0;
  constexpr std::uint32_t kRequests = 50'000;
  for (std::uint32_t i = 0; i < kRequests; ++i) {
    if (const auto frame = server->send(rrq(forged(i & 0xffff) + (i >> 16), 1000, "x"))) {
      out += test::parse_reply(*frame).packet.size();
    }
    if (i % 32 == 0) {
      server->now += 32 * test::kTicksPerSecond / 10'000;
      for (const ReplyView& copy : server->unasked()) {
        out += copy.packet.size();
      }
    }
  }
  EXPECT_GT(server->count(Counter::kRequestsBusy), kRequests / 2);
  EXPECT_GT(server->count(DropReason::kLargeError), kRequests / 2) << "the text is 6.8 times it";
  EXPECT_LE(out, 4 * kRequest * kRequests);
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
