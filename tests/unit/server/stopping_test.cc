// SPDX-License-Identifier: Apache-2.0
//
// A process that stops: transfers go on to their end, and nobody else is answered, so that the next
// process gets whoever asks again. Virtual time.
#include "tests/support/nul_text.h"
#include "tests/unit/server/harness.h"

namespace dialtone::server {
namespace {

using test::kPhoneAddress;
using test::kTicksPerSecond;
using test::nul;
using test::Packet;
using test::ReplyView;

constexpr const char* kPhone = "SEP001122334455.cnf.xml";

class Stopping : public test::ServerTest {
 protected:
  explicit Stopping(const test::Server::Options& options = {}) : ServerTest(options) {}

  void stop() { server.responder().take_no_more(); }
  // What comes of the transfer from `block` on, which is acknowledged now.
  std::string finish(std::uint16_t tid, std::uint16_t block) {
    std::string content;
    while (const auto reply = server.send(ack(tid, block))) {
      const ReplyView data = test::parse_reply(*reply);
      EXPECT_EQ(data.number, ++block);
      content += data.body;
    }
    return content;
  }
};

TEST_F(Stopping, ATransferGoesOnToItsEndS12) {
  const std::uint16_t tid = open(kPhone);
  EXPECT_EQ(server.count(Counter::kStoppingNow), 0U);
  stop();
  stop();
  EXPECT_EQ(server.count(Counter::kStoppingNow), 1U);
  EXPECT_EQ(server.sessions(), 1U);
  EXPECT_EQ(finish(tid, 1), long_text.substr(512));
  EXPECT_EQ(server.count(Counter::kTransfersCompleted), 1U);
  EXPECT_EQ(server.sessions(), 0U) << "the process may leave";
}

TEST_F(Stopping, SoDoesAWindowThatLosesABlockS12) {
  const ReplyView oack = server.ask(Packet().rrq(kPhone, "octet", nul("windowsize|4|")));
  ASSERT_EQ(oack.opcode, 6);
  ASSERT_TRUE(server.send(ack(oack.source_port, 0)));
  ASSERT_EQ(server.unasked().size(), 3U);
  stop();
  server.now += 2 * kTicksPerSecond;
  const auto again = server.unasked();
  ASSERT_EQ(again.size(), 4U) << "its timer runs";
  EXPECT_EQ(again[0].number, 1);
}

TEST_F(Stopping, NobodyElseIsAnsweredS12) {
  stop();
  const Packet asked[] = {Packet().rrq(kPhone),
                          Packet().rrq("a", "netascii"),
                          Packet().rrq("not-there"),
                          Packet().rrq("a", "mail"),
                          Packet().rrq("../x"),
                          Packet().rrq("a", "octet", nul("blksize|8|blksize|8|")),
                          Packet().opcode(2, nul("a|octet|")),
                          Packet().opcode(1, nul("a|octet"))};
  for (const Packet& packet : asked) {
    EXPECT_FALSE(server.send(packet));
  }
  EXPECT_EQ(server.count(DropReason::kStopping), std::size(asked));
  EXPECT_EQ(server.sessions(), 0U);
  EXPECT_TRUE(server.send(test::echo_request("ping"))) << "transfers need the network";
}

TEST_F(Stopping, TheRepeatOfARequestGetsItsLostFirstPacket) {
  const std::uint16_t tid = open(kPhone);
  stop();
  server.now += 4 * kTicksPerSecond;
  EXPECT_EQ(open(kPhone), tid);
  EXPECT_EQ(finish(tid, 1), long_text.substr(512));
  EXPECT_EQ(server.count(DropReason::kStopping), 0U);
}

// Of the file before, the last ACK was lost. Its copies must not be taken for the next one.
TEST_F(Stopping, AnotherRequestFromThePortOfATransferEndsIt) {
  open(kPhone);
  stop();
  EXPECT_FALSE(server.send(Packet().rrq("a")));
  EXPECT_EQ(server.count(Counter::kTransfersReplaced), 1U);
  EXPECT_EQ(server.count(DropReason::kStopping), 1U);
  server.now += 2 * kTicksPerSecond;
  EXPECT_TRUE(server.unasked().empty());
}

TEST_F(Stopping, WhoHasGoneEndsByItsTimers) {
  open("a");
  stop();
  for (int second = 0; second < 80; ++second) {
    server.now += kTicksPerSecond;
    server.unasked();
  }
  EXPECT_EQ(server.sessions(), 0U);
}

class StoppingShortOfSessions : public Stopping {
 protected:
  StoppingShortOfSessions() : Stopping({.max_sessions = 1}) {}
};

TEST_F(StoppingShortOfSessions, WhoWaitsIsForgotten) {
  const std::uint16_t tid = open("a");
  EXPECT_FALSE(server.send(Packet().from(kPhoneAddress, 2000).rrq("b")));
  ASSERT_EQ(server.count(Counter::kParkedNow), 1U);
  stop();
  EXPECT_EQ(server.count(Counter::kParkedNow), 0U);
  EXPECT_EQ(server.count(Counter::kParkedExpired), 1U);
  EXPECT_EQ(finish(tid, 1), "");
  EXPECT_TRUE(server.unasked().empty());
  EXPECT_EQ(server.sessions(), 0U);
}

TEST_F(Stopping, WhoAsksBehindTheEndOfItIsAnsweredS12) {
  stop();
  EXPECT_FALSE(server.send(Packet().rrq(kPhone)));
  server.responder().take_again();
  server.responder().take_again();
  EXPECT_EQ(server.count(Counter::kStoppingNow), 0U);
  const std::uint16_t tid = open(kPhone);
  EXPECT_EQ(finish(tid, 1), long_text.substr(512));
}

}  // namespace
}  // namespace dialtone::server
