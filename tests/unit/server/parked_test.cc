// SPDX-License-Identifier: Apache-2.0
//
// Who waits for a session, and in which order they get one.
#include "tests/support/nul_text.h"
#include "tests/unit/server/harness.h"

namespace dialtone::server {
namespace {

using test::kPhoneAddress;
using test::nul;
using test::Packet;
using test::ReplyView;

constexpr Ticks kSecond = test::kTicksPerSecond;

// Two sessions, and places for four.
class ShortOfSessions : public test::ServerTest {
 protected:
  ShortOfSessions() : ServerTest({.max_sessions = 2, .max_parked = 4}) {
    first_ = open("a", 1001);
    second_ = open("a", 1002);
  }

  Packet rrq(std::uint16_t port, std::string_view name = "a") {
    return Packet().from(kPhoneAddress, port).rrq(name);
  }
  // Ends the transfer of the client with that port.
  void end(std::uint16_t tid, std::uint16_t port) { EXPECT_FALSE(server.send(ack(tid, 1, port))); }

  std::uint16_t first_ = 0;
  std::uint16_t second_ = 0;
};

TEST_F(ShortOfSessions, TheNextFreeOneGoesToWhoWaitsAtOnce) {
  EXPECT_FALSE(server.send(rrq(2001)));
  EXPECT_EQ(server.count(Counter::kParkedNow), 1U);
  EXPECT_TRUE(server.unasked().empty());
  end(first_, 1001);
  const auto replies = server.unasked();
  ASSERT_EQ(replies.size(), 1U);
  EXPECT_EQ(replies[0].opcode, 3);
  EXPECT_EQ(replies[0].number, 1);
  EXPECT_EQ(replies[0].body, "hello");
  EXPECT_EQ(replies[0].destination_port, 2001);
  EXPECT_EQ(server.count(Counter::kParkedServed), 1U);
  EXPECT_EQ(server.count(Counter::kParkedNow), 0U);
  EXPECT_EQ(server.count(Counter::kRequestsProcessed), 3U);
  end(replies[0].source_port, 2001);
  EXPECT_EQ(server.count(Counter::kTransfersCompleted), 2U);
}

TEST_F(ShortOfSessions, WhoAskedWithOptionsGetsAnOack) {
  EXPECT_FALSE(
      server.send(Packet().from(kPhoneAddress, 2001).opcode(1, nul("two|octet|blksize|600|"))));
  end(first_, 1001);
  const auto replies = server.unasked();
  ASSERT_EQ(replies.size(), 1U);
  EXPECT_EQ(replies[0].opcode, 6);
  const ReplyView data = server.ask(ack(replies[0].source_port, 0, 2001));
  EXPECT_EQ(data.number, 1);
  EXPECT_EQ(data.body.size(), 600U);
}

TEST_F(ShortOfSessions, NewcomersDoNotOvertakeS04) {
  EXPECT_FALSE(server.send(rrq(2001)));
  // One burst: a transfer ends, and a newcomer asks before the one that waits has been looked at.
  server.send_burst({ack(first_, 1, 1001).bytes(), rrq(2002).bytes()});
  auto replies = server.unasked();
  ASSERT_EQ(replies.size(), 1U);
  EXPECT_EQ(replies[0].destination_port, 2001);
  end(second_, 1002);
  replies = server.unasked();
  ASSERT_EQ(replies.size(), 1U);
  EXPECT_EQ(replies[0].destination_port, 2002);
}

TEST_F(ShortOfSessions, ARepeatKeepsThePlaceAndTheFirstTime) {
  EXPECT_FALSE(server.send(rrq(2001)));
  server.now += kSecond;
  EXPECT_FALSE(server.send(rrq(2002)));
  server.now += kSecond;
  EXPECT_FALSE(server.send(rrq(2001)));
  EXPECT_EQ(server.count(Counter::kParkedRepeated), 1U);
  EXPECT_EQ(server.count(Counter::kParkedNow), 2U);
  end(first_, 1001);
  bool served = false;
  for (const ReplyView& reply : server.unasked()) {
    EXPECT_NE(reply.destination_port, 2002);
    served |= reply.destination_port == 2001;
  }
  EXPECT_TRUE(served);
}

TEST_F(ShortOfSessions, AnotherRequestFromThePortReplacesTheOneBefore) {
  EXPECT_FALSE(server.send(rrq(2001, "a")));
  EXPECT_FALSE(server.send(rrq(2001, "b")));
  EXPECT_EQ(server.count(Counter::kParkedReplaced), 1U);
  EXPECT_EQ(server.count(Counter::kParkedNow), 1U);
  end(first_, 1001);
  const auto replies = server.unasked();
  ASSERT_EQ(replies.size(), 1U);
  EXPECT_EQ(replies[0].body, "other");
}

TEST_F(ShortOfSessions, ARefusedRequestFromThePortEndsTheWaiting) {
  EXPECT_FALSE(server.send(rrq(2001)));
  EXPECT_EQ(server.ask(rrq(2001, "nosuch")).opcode, 5);
  EXPECT_EQ(server.count(Counter::kParkedReplaced), 1U);
  EXPECT_EQ(server.count(Counter::kParkedNow), 0U);
}

TEST_F(ShortOfSessions, AnErrorToPort69ChangesNothing) {
  EXPECT_FALSE(server.send(rrq(2001)));
  EXPECT_FALSE(server.send(Packet().from(kPhoneAddress, 2001).error(0, "bye")));
  EXPECT_EQ(server.count(DropReason::kErrorIgnored), 1U);
  EXPECT_EQ(server.count(Counter::kParkedNow), 1U);
}

TEST_F(ShortOfSessions, WhoFallsSilentIsGivenUpAndWhoRepeatsIsNot) {
  EXPECT_FALSE(server.send(rrq(2001)));
  EXPECT_FALSE(server.send(rrq(2002)));
  for (int i = 0; i < 4; ++i) {
    server.now += 4 * kSecond;
    // The transfers go on meanwhile.
    server.send(rrq(1001));
    server.send(rrq(1002));
    EXPECT_FALSE(server.send(rrq(2002)));
    server.unasked();
  }
  EXPECT_EQ(server.count(Counter::kParkedExpired), 1U);
  EXPECT_EQ(server.count(Counter::kParkedNow), 1U);
  end(first_, 1001);
  bool served = false;
  for (const ReplyView& reply : server.unasked()) {
    EXPECT_NE(reply.destination_port, 2001);
    served |= reply.destination_port == 2002;
  }
  EXPECT_TRUE(served);
}

TEST_F(ShortOfSessions, AFullLotDropsUnlessOneHasMissedItsRepeat) {
  for (std::uint16_t port = 2001; port <= 2004; ++port) {
    EXPECT_FALSE(server.send(rrq(port)));
  }
  EXPECT_FALSE(server.send(rrq(2005)));
  EXPECT_EQ(server.count(DropReason::kSessionsExhausted), 1U);
  EXPECT_EQ(server.count(Counter::kParkedNow), 4U);
  server.now += 4 * kSecond;
  for (std::uint16_t port = 2002; port <= 2004; ++port) {
    EXPECT_FALSE(server.send(rrq(port)));
  }
  server.now += kSecond;
  EXPECT_FALSE(server.send(rrq(2005)));  // in the place of 2001
  EXPECT_EQ(server.count(Counter::kParkedExpired), 1U);
  EXPECT_FALSE(server.send(rrq(2001)));
  EXPECT_EQ(server.count(DropReason::kSessionsExhausted), 2U);
}

TEST_F(ShortOfSessions, TheNewestContentIsServedToWhoWaits) {
  EXPECT_FALSE(server.send(rrq(2001)));
  test::TestImage newer(1 << 20, 2);
  newer.add("a", "newer").build();
  server.publish(&newer.live());
  end(first_, 1001);
  const auto replies = server.unasked();
  ASSERT_EQ(replies.size(), 1U);
  EXPECT_EQ(replies[0].body, "newer");
}

TEST_F(ShortOfSessions, AFileThatIsGoneMeanwhileIsNotFound) {
  EXPECT_FALSE(server.send(rrq(2001)));
  test::TestImage newer(1 << 20, 2);
  newer.add("b", "other").build();
  server.publish(&newer.live());
  end(first_, 1001);
  const auto replies = server.unasked();
  ASSERT_EQ(replies.size(), 1U);
  EXPECT_EQ(replies[0].opcode, 5);
  EXPECT_EQ(replies[0].number, 1);
  EXPECT_EQ(server.count(Counter::kParkedRefused), 1U);
  EXPECT_EQ(server.count(Counter::kRequestsNotFound), 1U);
}

TEST_F(ShortOfSessions, ALimitThatIsRaisedServesWhoWaits) {
  test::TestImage wide(1 << 20, 2);
  wide.policy().max_sessions = 1;
  wide.add("a", "hello").build();
  test::Server limited;
  limited.publish(&wide.live());
  EXPECT_TRUE(limited.send(rrq(3001)));
  EXPECT_FALSE(limited.send(rrq(3002)));
  EXPECT_TRUE(limited.run_timers().empty());
  test::TestImage wider(1 << 20, 3);
  wider.add("a", "hello").build();
  limited.publish(&wider.live());
  EXPECT_EQ(limited.run_timers().size(), 1U);
  EXPECT_EQ(limited.sessions(), 2U);
}

TEST_F(ShortOfSessions, WithoutAnImageOrABufferWhoWaitsWaitsOn) {
  EXPECT_FALSE(server.send(rrq(2001)));
  end(first_, 1001);
  EXPECT_EQ(server.responder().frames_ready(server.now, nullptr), 0U);
  EXPECT_EQ(server.responder().frames_ready(server.now, &image.live()), 1U);
  EXPECT_EQ(server.responder().send_ready(server.now, {}, &image.live()), 0U);
  EXPECT_EQ(server.count(Counter::kParkedNow), 1U);
  EXPECT_EQ(server.unasked().size(), 1U);
}

// Many more clients than sessions, each repeating after four seconds: all of them are served, in
// the order of their first requests, one transfer after the other without a pause.
TEST_F(ShortOfSessions, AStormIsServedInOrder) {
  test::Server storm({.max_sessions = 1, .max_parked = 100});
  storm.publish(&image.live());
  const ReplyView data = storm.ask(rrq(5000));
  ASSERT_EQ(data.number, 1);
  std::uint16_t tid = data.source_port;
  for (std::uint16_t port = 5001; port < 5080; ++port) {
    EXPECT_FALSE(storm.send(rrq(port)));
  }
  for (std::uint16_t port = 5000; port < 5079; ++port) {
    EXPECT_FALSE(storm.send(ack(tid, 1, port)));
    storm.now += kSecond / 100;
    storm.send(rrq(static_cast<std::uint16_t>(port + 1000)));  // a newcomer each time
    const auto frames = storm.run_timers();
    ASSERT_EQ(frames.size(), 1U);
    const ReplyView reply = test::parse_reply(frames[0]);
    EXPECT_EQ(reply.destination_port, port + 1);
    tid = reply.source_port;
  }
}

}  // namespace
}  // namespace dialtone::server
