// SPDX-License-Identifier: Apache-2.0
//
// Copies: when, how many, to whom. Virtual time.
#include "tests/unit/server/harness.h"

namespace dialtone::server {
namespace {

using test::kPhoneAddress;
using test::kTicksPerSecond;
using test::Packet;
using test::ReplyView;
using test::Server;
using test::ServerTest;
using test::TestImage;

class Timers : public ServerTest {
 protected:
  struct Copy {
    Ticks after;  // the begin of wait()
    ReplyView view;
  };

  // What the timers send in the next `seconds`, looked at 100 times a second.
  std::vector<Copy> wait(double seconds) {
    const Ticks begin = server.now;
    std::vector<Copy> copies;
    while (server.now < begin + static_cast<Ticks>(seconds * kTicksPerSecond)) {
      server.now += kTicksPerSecond / 100;
      for (const ReplyView& copy : server.unasked()) {
        copies.push_back({server.now - begin, copy});
      }
    }
    return copies;
  }
  // Late by a quarter of the timeout at most, never early.
  static void expect_at(const Copy& copy, double seconds, double timeout) {
    EXPECT_GE(copy.after, static_cast<Ticks>(seconds * kTicksPerSecond));
    EXPECT_LE(copy.after, static_cast<Ticks>((seconds + timeout / 3) * kTicksPerSecond));
  }
};

TEST_F(Timers, CopiesAreBoundedAndGoToTheMacOfTheRequestT68) {
  const wire::MacAddress router{{2, 1, 1, 1, 1, 1}};
  const std::uint16_t tid = server.ask(Packet().from_mac(router).rrq("two")).source_port;
  const auto copies = wait(200);
  ASSERT_EQ(copies.size(), 5U);  // Policy::first_copies
  for (const Copy& copy : copies) {
    EXPECT_EQ(copy.view.fault, "");
    EXPECT_EQ(copy.view.number, 1);
    EXPECT_EQ(copy.view.body, two.substr(0, 512));
    EXPECT_EQ(copy.view.source_port, tid);
    EXPECT_EQ(copy.view.destination_port, 49152);
    EXPECT_EQ(copy.view.destination_mac, router);
  }
  EXPECT_EQ(server.sessions(), 0U);
  EXPECT_EQ(server.count(Counter::kTransfersTimedOut), 1U);
  EXPECT_EQ(server.count(Counter::kDataRetransmitted), 5U);
}

TEST_F(Timers, EachCopyWaitsTwiceAsLongRfc1123) {
  open("two");
  const auto copies = wait(80);
  ASSERT_EQ(copies.size(), 5U);
  double sum = 0;
  double timeout = 1;
  for (const Copy& copy : copies) {
    sum += timeout;
    expect_at(copy, sum, sum);
    timeout *= 2;
  }
}

TEST_F(Timers, AnAckBeginsTheDoublingAnew) {
  const std::uint16_t tid = open("SEP001122334455.cnf.xml");
  ASSERT_EQ(wait(4).size(), 2U);
  server.send(ack(tid, 1));
  const auto copies = wait(1.5);
  ASSERT_EQ(copies.size(), 1U);
  EXPECT_EQ(copies[0].view.number, 2);
  expect_at(copies[0], 1, 1);
}

TEST_F(Timers, WhoNeverAnsweredGetsFewerCopiesThanATransfer) {
  image.manifest().policy.first_copies = 1;
  const std::uint16_t tid = open("two");
  EXPECT_EQ(wait(100).size(), 1U);
  EXPECT_EQ(server.sessions(), 0U);
  open("two");
  server.send(ack(tid, 1));
  EXPECT_EQ(wait(100).size(), 5U);
}

// docs/reference.md, "When a transfer is given up".
TEST_F(Timers, NoWaitIsDoubledBeyondAMinute) {
  struct Row {
    std::uint32_t retransmit_ms;
    std::uint32_t retransmits;
    std::size_t copies;
    double seconds;
  };
  for (const Row& row : {Row{1000, 3, 3, 15}, Row{1000, 20, 6, 123}, Row{50, 20, 11, 162.35},
                         Row{6000, 3, 3, 90}, Row{20'000, 3, 2, 120}, Row{30'000, 3, 2, 150},
                         Row{31'000, 3, 1, 91}, Row{60'000, 3, 1, 120}, Row{1000, 0, 0, 1}}) {
    TestImage other;
    other.policy() = image.policy();
    other.policy().retransmit_ms = row.retransmit_ms;
    other.policy().retransmits = row.retransmits;
    other.add("two", two).build();
    Server one;
    one.publish(&other.live());
    const std::uint16_t tid = one.ask(Packet().rrq("two")).source_port;
    ASSERT_TRUE(one.send(ack(tid, 1)));
    std::size_t copies = 0;
    const Ticks begin = one.now;
    while (one.sessions() != 0 && one.now < begin + 1000 * kTicksPerSecond) {
      one.now += kTicksPerSecond / 100;
      copies += one.run_timers().size();
    }
    EXPECT_EQ(copies, row.copies) << row.retransmit_ms;
    const double took = static_cast<double>(one.now - begin) / kTicksPerSecond;
    EXPECT_GE(took, row.seconds) << row.retransmit_ms;
    EXPECT_LE(took, row.seconds * 1.25) << row.retransmit_ms << ": each late by a quarter at most";
  }
}

// An atftp whose ACK is lost twice sends it again after 5 s, and after 10.
TEST_F(Timers, WhoAnswersLateIsStillKnownT68) {
  image.manifest().policy.first_copies = 1;
  const std::uint16_t tid = open("two");
  EXPECT_EQ(wait(6.2).size(), 1U) << "its copy after a second";
  EXPECT_EQ(server.ask(ack(tid, 1)).number, 2);
  open("two", 1000);
  EXPECT_EQ(wait(9).size(), 4U) << "three of the transfer, one of the new request";
  EXPECT_EQ(server.sessions(), 1U) << "then it is freed";
}

TEST_F(Timers, AskingAgainBringsNoFurtherCopies) {
  image.manifest().policy.first_copies = 1;
  open("two");
  EXPECT_EQ(wait(1.5).size(), 1U);
  open("two");
  EXPECT_TRUE(wait(60).empty());
}

TEST_F(Timers, LastAckLostThenFreedT70) {
  open("a");
  EXPECT_EQ(wait(100).size(), 5U);
  EXPECT_EQ(server.sessions(), 0U);
}

TEST_F(Timers, TheTimeoutIsThePolicysAndAnAckPutsItOff) {
  const std::uint16_t tid = open("SEP001122334455.cnf.xml");
  EXPECT_TRUE(wait(0.99).empty());
  EXPECT_EQ(server.ask(ack(tid, 1)).number, 2);
  EXPECT_TRUE(wait(0.99).empty());
  const auto copies = wait(0.3);
  ASSERT_EQ(copies.size(), 1U);
  EXPECT_EQ(copies[0].view.number, 2);
}

TEST_F(Timers, ADuplicateAckDoesNotPutOffTheTimer) {
  const std::uint16_t tid = open("two");
  EXPECT_TRUE(wait(0.99).empty());
  server.send(ack(tid, 0));
  EXPECT_EQ(wait(0.2).size(), 1U);
}

TEST_F(Timers, TheyAreBoundedPerCallAndLoseNothing) {
  Server many({.max_sessions = 100});
  many.publish(&image.live());
  for (std::uint16_t port = 1000; port < 1100; ++port) {
    many.send(Packet().from(kPhoneAddress, port).rrq("a"));
  }
  many.now += kTicksPerSecond;
  EXPECT_EQ(many.responder().frames_ready(many.now), kMaxBurst);
  EXPECT_EQ(many.run_timers().size(), 100U);
  EXPECT_EQ(many.responder().frames_ready(many.now), 0U);
}

TEST_F(Timers, WithoutFramesTheCopiesWait) {
  open("a");
  server.now += kTicksPerSecond;
  EXPECT_EQ(server.responder().frames_ready(server.now), 1U);
  EXPECT_EQ(server.responder().send_ready(server.now, {}), 0U);
  EXPECT_EQ(server.responder().frames_ready(server.now), 1U);
  EXPECT_EQ(server.run_timers().size(), 1U);
}

TEST_F(Timers, AnAckBeforeACopyIsSentTakesItsPlace) {
  const std::uint16_t tid = open("two");
  server.now += kTicksPerSecond;
  EXPECT_EQ(server.responder().frames_ready(server.now), 1U);  // and no buffer was free
  EXPECT_EQ(server.ask(ack(tid, 1)).number, 2);
  EXPECT_EQ(server.responder().frames_ready(server.now), 0U);
  EXPECT_EQ(wait(1.5).size(), 1U);  // it waits again, for its next timeout
}

}  // namespace
}  // namespace dialtone::server
