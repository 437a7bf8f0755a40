// SPDX-License-Identifier: Apache-2.0
//
// Transfers that end since their segment is wanted back. Virtual time.
#include "tests/unit/server/harness.h"

namespace dialtone::server {
namespace {

using test::kPhoneAddress;
using test::kTicksPerSecond;
using test::Packet;
using test::parse_reply;
using test::ReplyView;
using test::Server;
using test::ServerTest;
using test::TestImage;

constexpr const char* kPhone = "SEP001122334455.cnf.xml";
constexpr std::uint16_t kOldSlot = 0;
constexpr std::uint16_t kNewSlot = 7;
constexpr std::uint16_t kFirstPort = 10000;

class Drain : public ServerTest {
 protected:
  Drain() : ServerTest({.max_sessions = 1000}) {
    next_.in_slot(kNewSlot).add("sep001122334455.cnf.xml", test::pattern(5000)).build();
  }

  // A transfer that the client has answered once.
  std::uint16_t open_answered(std::uint16_t port = 49152) {
    const std::uint16_t tid = open(kPhone, port);
    EXPECT_TRUE(server.send(ack(tid, 1, port)).has_value());
    return tid;
  }
  void publish_next() { server.publish(&next_.live()); }

  // One turn of a worker's loop; what it sends.
  std::vector<ReplyView> turn(std::uint16_t slot) {
    server.responder().drain(slot);
    return server.unasked();
  }
  // Turns until something is sent.
  std::vector<ReplyView> turns(std::uint16_t slot) {
    for (int i = 0; i < 1000; ++i) {
      if (auto out = turn(slot); !out.empty()) {
        return out;
      }
    }
    return {};
  }

  TestImage next_{1 << 20, 2};
};

TEST_F(Drain, EndsATransferWithAnErrorFromItsPort) {
  const std::uint16_t tid = open_answered();
  publish_next();
  const auto out = turns(kOldSlot);
  ASSERT_EQ(out.size(), 1U);
  EXPECT_EQ(out[0].fault, "");
  EXPECT_EQ(out[0].opcode, 5);
  EXPECT_EQ(out[0].number, 0);
  EXPECT_EQ(out[0].source_port, tid);
  EXPECT_EQ(out[0].destination_port, 49152);
  EXPECT_EQ(server.pinned(), 0U);
  EXPECT_EQ(server.sessions(), 0U);
  EXPECT_EQ(server.count(Counter::kTransfersDrained), 1U);
  EXPECT_EQ(server.count(Counter::kErrors0), 1U);
  EXPECT_FALSE(server.send(ack(tid, 2)).has_value()) << "its late ACK is no stranger's";
  EXPECT_EQ(server.ask(Packet().rrq(kPhone)).body, test::pattern(5000).substr(0, 512));
}

TEST_F(Drain, LeavesTransfersOfOtherSegments) {
  open_answered(kFirstPort);
  publish_next();
  const std::uint16_t tid = open_answered(kFirstPort + 1);
  const auto out = turns(kOldSlot);
  ASSERT_EQ(out.size(), 1U);
  EXPECT_EQ(out[0].destination_port, kFirstPort);
  const auto data = server.send(ack(tid, 2, kFirstPort + 1));
  ASSERT_TRUE(data.has_value());
  EXPECT_EQ(parse_reply(*data).number, 3);
  EXPECT_EQ(server.pinned(), 1U);
}

TEST_F(Drain, WhoHasNotAnsweredGetsNoPacket) {
  open(kPhone);
  for (int i = 0; i < 1000; ++i) {
    EXPECT_TRUE(turn(kOldSlot).empty());
  }
  EXPECT_EQ(server.pinned(), 0U);
  EXPECT_EQ(server.count(Counter::kTransfersDrained), 1U);
  EXPECT_EQ(server.count(Counter::kErrors0), 0U);
}

TEST_F(Drain, WindowsOacksAndTextEndAsWell) {
  const std::string window("windowsize\0004\0", 13);
  const ReplyView oack =
      server.ask(Packet().from(kPhoneAddress, kFirstPort).rrq(kPhone, "octet", window));
  ASSERT_EQ(oack.opcode, 6);
  ASSERT_TRUE(server.send(ack(oack.source_port, 0, kFirstPort)).has_value());
  const ReplyView text =
      server.ask(Packet().from(kPhoneAddress, kFirstPort + 1).rrq(kPhone, "netascii"));
  ASSERT_TRUE(server.send(ack(text.source_port, 1, kFirstPort + 1)).has_value());
  const ReplyView silent =
      server.ask(Packet().from(kPhoneAddress, kFirstPort + 2).rrq(kPhone, "octet", window));
  ASSERT_EQ(silent.opcode, 6);
  ASSERT_EQ(server.pinned(), 3U);
  std::size_t errors = 0;
  for (int i = 0; i < 1000; ++i) {
    for (const ReplyView& view : turn(kOldSlot)) {
      errors += view.opcode == 5;
    }
  }
  EXPECT_EQ(errors, 2U);
  EXPECT_EQ(server.pinned(), 0U);
  EXPECT_EQ(server.count(Counter::kTransfersDrained), 3U);
}

TEST_F(Drain, NeverMoreThanAFewInOneTurn) {
  constexpr std::uint16_t kClients = 900;
  for (std::uint16_t i = 0; i < kClients; ++i) {
    open_answered(static_cast<std::uint16_t>(kFirstPort + i));
  }
  ASSERT_EQ(server.pinned(), kClients);
  publish_next();
  std::size_t ended = 0;
  int turns = 0;
  for (; ended < kClients && turns < 2000; ++turns) {
    const auto out = turn(kOldSlot);
    EXPECT_LE(out.size(), kMaxBurst / 4) << "others have windows to fill";
    ended += out.size();
  }
  EXPECT_EQ(ended, kClients);
  EXPECT_LT(turns, 2000);
  EXPECT_EQ(server.pinned(), 0U);
  EXPECT_EQ(server.count(Counter::kTransfersDrained), kClients);
}

TEST_F(Drain, AnAckThatComesBeforeTheErrorIsAnsweredOnce) {
  const std::uint16_t tid = open_answered();
  for (int i = 0; i < 1000; ++i) {
    server.responder().drain(kOldSlot);
  }
  const auto data = server.send(ack(tid, 2));
  ASSERT_TRUE(data.has_value());
  EXPECT_EQ(parse_reply(*data).body, long_text.substr(1024, 512)) << "old bytes to the end";
  const auto out = turns(kOldSlot);
  ASSERT_EQ(out.size(), 1U);
  EXPECT_EQ(out[0].opcode, 5);
  EXPECT_EQ(server.pinned(), 0U);
}

TEST_F(Drain, IsCalledOffInTime) {
  const std::uint16_t tid = open_answered();
  for (int i = 0; i < 1000; ++i) {
    server.responder().drain(kOldSlot);
  }
  EXPECT_TRUE(turn(abi::kNoSlot).empty());
  server.now += kTicksPerSecond / 10;
  const auto data = server.send(ack(tid, 2));
  ASSERT_TRUE(data.has_value());
  EXPECT_EQ(parse_reply(*data).number, 3);
  server.now += 2 * kTicksPerSecond;
  const auto copies = turn(abi::kNoSlot);
  ASSERT_EQ(copies.size(), 1U) << "its timer runs as before";
  EXPECT_EQ(copies[0].number, 3);
  EXPECT_EQ(server.count(Counter::kTransfersDrained), 0U);
}

}  // namespace
}  // namespace dialtone::server
