// SPDX-License-Identifier: Apache-2.0
//
// Inside a transfer: ACKs, strangers and ends.
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

using Transfer = ServerTest;

// Fetches a file as a plain RFC 1350 client would.
std::string fetch(Server& server, std::string_view name) {
  std::string content;
  ReplyView reply = server.ask(Packet().rrq(name));
  for (std::uint64_t block = 1;; ++block) {
    if (reply.fault != "" || reply.opcode != 3 || reply.number != (block & 0xffff)) {
      ADD_FAILURE() << "block " << block << ": " << reply.fault << " got " << reply.number;
      return content;
    }
    content += reply.body;
    const Packet ack = Packet().to_port(reply.source_port).ack(static_cast<std::uint16_t>(block));
    if (reply.body.size() < 512) {
      EXPECT_FALSE(server.send(ack));
      return content;
    }
    reply = server.ask(ack);
  }
}

TEST_F(Transfer, WholeFilesRfc1350) {
  EXPECT_EQ(fetch(server, "a"), "hello");
  EXPECT_EQ(fetch(server, "SEP001122334455.cnf.xml"), long_text);
  EXPECT_EQ(server.count(Counter::kTransfersCompleted), 2U);
  EXPECT_EQ(server.count(Counter::kBytesSent), 5U + long_text.size());
  EXPECT_EQ(server.sessions(), 0U);
  EXPECT_EQ(server.pinned(), 0U);
}

TEST_F(Transfer, EmptyFileAndExactMultipleT71) {
  EXPECT_EQ(fetch(server, "empty"), "");
  EXPECT_EQ(server.count(Counter::kDataSent), 1U);
  EXPECT_EQ(fetch(server, "two"), two);
  EXPECT_EQ(server.count(Counter::kDataSent), 1U + 3);
}

TEST(TransferLarge, MoreThan65535BlocksRollOverToZeroT72) {
  const std::string big = test::pattern(std::size_t{65540} * 512 + 100);
  TestImage image(big.size() + (1 << 20));
  image.add("big", big).build();
  Server server;
  server.publish(&image.live());
  EXPECT_TRUE(fetch(server, "big") == big);
  EXPECT_EQ(server.count(Counter::kDataSent), 65541U);
}

TEST_F(Transfer, SumsAreComputedWhenNoneAreStored) {
  auto& record = const_cast<abi::FileRecord&>(*image.live().view.find("two")->record);
  record.sums_offset = 0;
  EXPECT_EQ(fetch(server, "two"), two);
}

TEST_F(Transfer, DuplicateAcksSendOneBlockOnlyT60Rfc1123) {
  const std::uint16_t tid = open("SEP001122334455.cnf.xml");
  EXPECT_EQ(server.ask(ack(tid, 1)).number, 2);
  EXPECT_FALSE(server.send(ack(tid, 1)));
  EXPECT_FALSE(server.send(ack(tid, 1)));
  EXPECT_EQ(server.count(Counter::kAcksDuplicate), 2U);
  EXPECT_EQ(server.ask(ack(tid, 2)).number, 3);
}

TEST_F(Transfer, DuplicateAcksInOneBurstSendOneBlockOnlyT60) {
  const std::uint16_t tid = open("SEP001122334455.cnf.xml");
  const std::string one = ack(tid, 1).bytes();
  const auto replies = server.send_burst({one, one, one});
  EXPECT_TRUE(replies[0]);
  EXPECT_FALSE(replies[1] || replies[2]);
}

TEST_F(Transfer, OldAcksAreSilentT61) {
  const std::uint16_t tid = open("SEP001122334455.cnf.xml");
  server.send(ack(tid, 1));
  server.send(ack(tid, 2));
  EXPECT_FALSE(server.send(ack(tid, 1)));
  EXPECT_FALSE(server.send(ack(tid, 0)));
  EXPECT_EQ(server.ask(ack(tid, 3)).number, 4);
}

TEST_F(Transfer, FutureAckMovesNothingT62) {
  const std::uint16_t tid = open("SEP001122334455.cnf.xml");
  EXPECT_FALSE(server.send(ack(tid, 40)));
  EXPECT_EQ(server.count(Counter::kAcksFuture), 1U);
  EXPECT_EQ(server.ask(ack(tid, 1)).number, 2);
}

// Who forges a request must not find its port by asking: its ACKs would be next.
TEST_F(Transfer, AStrangerCannotTellAPortInUse) {
  const std::uint16_t tid = open("two");
  const auto free_port = static_cast<std::uint16_t>(tid == 0xffff ? 0x8000 : tid + 1);
  for (const std::uint16_t port : {tid, free_port}) {
    EXPECT_EQ(server.ask(ack(port, 1, 40001)).number, 5) << port;
  }
  std::size_t answers = 0;
  for (int i = 0; i < 5000; ++i) {
    answers += server.send(ack(tid, 1, static_cast<std::uint16_t>(41000 + i % 1000))) ? 1 : 0;
  }
  EXPECT_LE(answers, 64U);
  server.now += kTicksPerSecond;
  EXPECT_TRUE(server.send(ack(free_port, 1, 40002)));
}

TEST_F(Transfer, WrongPortOrAddressGetsError5T63Rfc1350) {
  const std::uint16_t tid = open("two");
  const ReplyView reply = server.ask(ack(tid, 1, 49153));
  EXPECT_EQ(reply.fault, "");
  EXPECT_EQ(reply.opcode, 5);
  EXPECT_EQ(reply.number, 5);
  EXPECT_EQ(reply.source_port, tid);
  EXPECT_EQ(reply.destination_port, 49153);
  EXPECT_EQ(server.ask(Packet().from(kPhoneAddress + 1, 49152).to_port(tid).ack(1)).number, 5);
  EXPECT_EQ(server.count(Counter::kErrors5), 2U);
  EXPECT_EQ(server.ask(ack(tid, 1)).number, 2);
}

TEST_F(Transfer, ErrorFromAStrangerHasNoEffectAndNoAnswerT64) {
  const std::uint16_t tid = open("two");
  EXPECT_FALSE(server.send(Packet().from(kPhoneAddress, 49153).to_port(tid).error(0, "x")));
  EXPECT_EQ(server.count(DropReason::kErrorIgnored), 1U);
  EXPECT_EQ(server.ask(ack(tid, 1)).number, 2);
}

TEST_F(Transfer, ShortAckIsDroppedT65) {
  const std::uint16_t tid = open("two");
  EXPECT_FALSE(server.send(Packet().to_port(tid).payload(std::string("\0\4", 2))));
  EXPECT_EQ(server.count(DropReason::kTftpShort), 1U);
}

TEST_F(Transfer, StrayOpcodesAreDroppedT66) {
  const std::uint16_t tid = open("two");
  for (const int opcode : {0, 1, 2, 3, 6, 99}) {
    EXPECT_FALSE(server.send(Packet().to_port(tid).opcode(static_cast<std::uint16_t>(opcode),
                                                          std::string("a\0octet\0", 8))));
  }
  EXPECT_EQ(server.count(DropReason::kOpcode), 6U);
  EXPECT_EQ(server.sessions(), 1U);
}

TEST_F(Transfer, ErrorFromTheClientEndsItSilentlyT67) {
  const std::uint16_t tid = open("two");
  EXPECT_FALSE(server.send(Packet().to_port(tid).error(0, "stop")));
  EXPECT_EQ(server.sessions(), 0U);
  EXPECT_EQ(server.count(Counter::kTransfersAborted), 1U);
  EXPECT_FALSE(server.send(ack(tid, 1)));
  EXPECT_EQ(server.count(DropReason::kNoSession), 1U);
}

TEST_F(Transfer, LateAckAfterTheEndIsSilent) {
  const std::uint16_t tid = open("a");
  EXPECT_FALSE(server.send(ack(tid, 1)));
  EXPECT_FALSE(server.send(ack(tid, 1)));
  EXPECT_EQ(server.count(Counter::kTransfersCompleted), 1U);
  EXPECT_EQ(server.count(DropReason::kNoSession), 1U);
}

TEST_F(Transfer, EndAndNewRequestInOneBurstAreTakenInOrder) {
  const std::uint16_t tid = open("a");
  const auto replies = server.send_burst(
      {ack(tid, 1).bytes(), ack(tid, 1).bytes(), Packet().rrq("two").bytes(), ack(tid, 1).bytes()});
  EXPECT_FALSE(replies[0] || replies[1]);
  ASSERT_TRUE(replies[2] && replies[3]);
  EXPECT_EQ(parse_reply(*replies[3]).body, two.substr(512));
  EXPECT_EQ(server.count(DropReason::kNoSession), 1U);
}

TEST_F(Transfer, ASessionReplacedWithinABurstIsNotReadAgain) {
  const std::uint16_t tid = open("two");
  const auto replies = server.send_burst({Packet().rrq("b").bytes(), ack(tid, 1).bytes()});
  EXPECT_EQ(parse_reply(*replies[0]).body, "other");
  EXPECT_FALSE(replies[1]);
  EXPECT_EQ(server.sessions(), 0U);
}

// The network doubles an RRQ, or holds it back: the phone knows nothing of it and goes on.
TEST_F(Transfer, ALateCopyOfTheRequestDoesNotLoseTheTransferT22) {
  const std::uint16_t tid = open("SEP001122334455.cnf.xml");
  for (std::uint16_t block = 1; block < 5; ++block) {
    EXPECT_EQ(server.ask(ack(tid, block)).number, block + 1);
  }
  EXPECT_EQ(server.ask(Packet().rrq("SEP001122334455.cnf.xml")).number, 1);
  const ReplyView next = server.ask(ack(tid, 5));
  EXPECT_EQ(next.number, 6);
  EXPECT_EQ(next.body, long_text.substr(5 * 512, 512));
  EXPECT_EQ(server.ask(ack(tid, 6)).number, 7);
  EXPECT_FALSE(server.send(ack(tid, 5)));
}

TEST_F(Transfer, ALateCopyOfTheRequestAtTheLastBlockDoesNotLoseTheTransfer) {
  const std::uint16_t tid = open("two");
  EXPECT_EQ(server.ask(ack(tid, 1)).number, 2);
  EXPECT_EQ(server.ask(ack(tid, 2)).number, 3);
  EXPECT_EQ(server.ask(Packet().rrq("two")).number, 1);
  EXPECT_FALSE(server.send(ack(tid, 3)));
  EXPECT_EQ(server.count(Counter::kTransfersCompleted), 1U);
  EXPECT_EQ(server.sessions(), 0U);
}

TEST_F(Transfer, TwoClientsAtOnceKeepTheirPlaces) {
  const std::uint16_t first = open("two", 2001);
  const std::uint16_t second = open("SEP001122334455.cnf.xml", 2002);
  const auto replies =
      server.send_burst({ack(first, 1, 2001).bytes(), ack(second, 1, 2002).bytes(),
                         ack(first, 2, 2001).bytes(), ack(second, 2, 2002).bytes()});
  EXPECT_EQ(parse_reply(*replies[0]).body, two.substr(512));
  EXPECT_EQ(parse_reply(*replies[1]).body, long_text.substr(512, 512));
  EXPECT_EQ(parse_reply(*replies[2]).body, "");
  EXPECT_EQ(parse_reply(*replies[3]).body, long_text.substr(1024, 512));
}

TEST_F(Transfer, ATransferEndsOnTheBytesItBeganWithT79) {
  const std::uint16_t tid = open("two");
  TestImage next(1 << 20, 2);
  const std::string changed(1024, 'n');
  next.add("two", changed).build();
  server.publish(&next.live());
  EXPECT_EQ(server.ask(ack(tid, 1)).body, two.substr(512));
  EXPECT_EQ(server.pinned(), 1U);
  EXPECT_EQ(server.ask(ack(tid, 2)).body, "");
  EXPECT_FALSE(server.send(ack(tid, 3)));
  EXPECT_EQ(server.pinned(), 0U);
  EXPECT_EQ(fetch(server, "two"), changed);
}

}  // namespace
}  // namespace dialtone::server
