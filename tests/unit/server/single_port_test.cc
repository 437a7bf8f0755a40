// SPDX-License-Identifier: Apache-2.0
//
// Single-port mode: every packet of a transfer has port 69 at our end, and a transfer is known by
// its client alone.
#include "dataplane/tftp/tid.h"
#include "tests/unit/server/harness.h"

#include <map>

namespace dialtone::server {
namespace {

using test::kPhoneAddress;
using test::Packet;
using test::ReplyView;
using test::Server;
using test::ServerTest;

class SinglePort : public ServerTest {
 protected:
  SinglePort() : ServerTest({.single_port = true}) {}

  static Packet ack(std::uint16_t block, std::uint16_t port = 49152) {
    return Packet().from(kPhoneAddress, port).ack(block);
  }
};

TEST_F(SinglePort, WholeFilesFromPort69) {
  for (const auto& [name, content] :
       std::map<std::string, std::string>{{"a", "hello"}, {"empty", ""}, {"two", two}}) {
    std::string got;
    ReplyView reply = server.ask(Packet().rrq(name));
    for (std::uint16_t block = 1;; ++block) {
      EXPECT_EQ(reply.fault, "");
      EXPECT_EQ(reply.source_port, 69);
      EXPECT_EQ(reply.number, block);
      got += reply.body;
      if (reply.body.size() < 512) {
        EXPECT_FALSE(server.send(ack(block)));
        break;
      }
      reply = server.ask(ack(block));
    }
    EXPECT_EQ(got, content);
  }
  EXPECT_EQ(server.count(Counter::kTransfersCompleted), 3U);
}

TEST_F(SinglePort, OacksErrorsAndCopiesToo) {
  const ReplyView oack = server.ask(Packet().rrq("two", "octet", std::string("tsize\0000\0", 8)));
  EXPECT_EQ(oack.opcode, 6);
  EXPECT_EQ(oack.source_port, 69);
  EXPECT_EQ(server.ask(ack(0)).number, 1);
  EXPECT_EQ(server.ask(Packet().from(kPhoneAddress, 49153).rrq("nowhere")).source_port, 69);
  server.now += 5 * test::kTicksPerSecond;
  const auto copies = server.unasked();
  ASSERT_EQ(copies.size(), 1U);
  EXPECT_EQ(copies[0].source_port, 69);
}

TEST_F(SinglePort, TwoClientsAreKeptApart) {
  EXPECT_EQ(server.ask(Packet().from(kPhoneAddress, 2001).rrq("two")).number, 1);
  EXPECT_EQ(server.ask(Packet().from(kPhoneAddress + 1, 2001).rrq("b")).body, "other");
  EXPECT_EQ(server.ask(ack(1, 2001)).body, two.substr(512));
  EXPECT_FALSE(server.send(Packet().from(kPhoneAddress + 1, 2001).ack(1)));
  EXPECT_EQ(server.sessions(), 1U);
}

// It cannot be told from a late packet of a transfer that has ended.
TEST_F(SinglePort, AStrangersAckGetsNothingT63) {
  EXPECT_EQ(server.ask(Packet().rrq("two")).number, 1);
  EXPECT_FALSE(server.send(ack(1, 49153)));
  EXPECT_FALSE(server.send(Packet().from(kPhoneAddress + 1, 49152).ack(1)));
  EXPECT_EQ(server.count(DropReason::kNoSession), 2U);
  EXPECT_EQ(server.ask(ack(1)).number, 2);
}

TEST_F(SinglePort, AnErrorIsNeverAnsweredT64T67) {
  EXPECT_FALSE(server.send(Packet().error(5, "x")));
  EXPECT_EQ(server.count(DropReason::kErrorIgnored), 1U);
  EXPECT_EQ(server.ask(Packet().rrq("two")).number, 1);
  EXPECT_FALSE(server.send(Packet().from(kPhoneAddress, 49153).error(0, "x")));
  EXPECT_EQ(server.sessions(), 1U);
  EXPECT_FALSE(server.send(Packet().error(0, "stop")));
  EXPECT_EQ(server.sessions(), 0U);
  EXPECT_EQ(server.count(Counter::kTransfersAborted), 1U);
}

TEST_F(SinglePort, TheOtherEndOfALoopIsDroppedT04) {
  EXPECT_FALSE(server.send(Packet().from(kPhoneAddress, 69).rrq("two")));
  EXPECT_FALSE(server.send(ack(1, 69)));
  EXPECT_EQ(server.count(DropReason::kBadSourcePort), 2U);
}

TEST_F(SinglePort, StrayOpcodesAreDroppedT66) {
  EXPECT_EQ(server.ask(Packet().rrq("two")).number, 1);
  for (const int opcode : {0, 3, 6, 99}) {
    const Packet stray =
        Packet().opcode(static_cast<std::uint16_t>(opcode), std::string("\0\1octet\0", 8));
    EXPECT_FALSE(server.send(stray)) << opcode;
    EXPECT_FALSE(server.send(Packet(stray).from(kPhoneAddress, 49153))) << opcode;
  }
  EXPECT_EQ(server.count(DropReason::kOpcode), 8U);
  EXPECT_EQ(server.ask(Packet().from(kPhoneAddress, 49153).wrq("x")).opcode, 5);
  EXPECT_EQ(server.ask(ack(1)).number, 2);
}

TEST_F(SinglePort, TransferPortsAreTheKernels) {
  EXPECT_FALSE(server.send(Packet().to_port(0x8001).ack(1)));
  EXPECT_EQ(server.count(DropReason::kPort), 1U);
}

TEST_F(SinglePort, AnUnreachableClientEndsItsTransferT78) {
  const auto icmp = [](const std::string& reply) {
    std::string message = std::string("\3\3\0\0\0\0\0\0", 8) + reply.substr(14, 28);
    const auto sum = static_cast<std::uint16_t>(~test::plain_sum(message));
    message[2] = static_cast<char>(sum >> 8);
    message[3] = static_cast<char>(sum);
    return test::ip_frame(wire::kProtocolIcmp, message);
  };
  const std::string data = *server.send(Packet().rrq("two"));
  std::string forged = data;
  forged[35] = static_cast<char>(forged[35] ^ 1);  // not from port 69
  EXPECT_FALSE(server.send(icmp(forged)));
  EXPECT_EQ(server.sessions(), 1U);
  EXPECT_FALSE(server.send(icmp(data)));
  EXPECT_EQ(server.sessions(), 0U);
}

// Whichever queue a packet of a client comes to, one worker has it, and each has some clients.
TEST(SinglePortWorkers, OneOwnsAClient) {
  constexpr std::uint32_t kWorkers = 3;
  std::map<std::uint32_t, int> clients;
  for (std::uint16_t port = 30'000; port < 30'300; ++port) {
    std::uint32_t owner = kWorkers;
    for (std::uint32_t worker = 0; worker < kWorkers; ++worker) {
      Server one({.worker = worker, .workers = kWorkers, .worker_bits = 2, .single_port = true});
      const std::string request = Packet().from(kPhoneAddress, port).rrq("a").bytes();
      const std::string ack = Packet().from(kPhoneAddress, port).ack(1).bytes();
      const auto outcome = one.judge(request);
      const auto later = one.judge(ack);
      EXPECT_EQ(outcome.verdict, later.verdict);
      if (outcome.verdict == Verdict::kHandOff) {
        EXPECT_EQ(outcome.frame.owner, later.frame.owner);
        EXPECT_NE(outcome.frame.owner, worker);
        EXPECT_TRUE(owner == kWorkers || owner == outcome.frame.owner);
        owner = outcome.frame.owner;
      } else {
        EXPECT_EQ(one.count(DropReason::kNoImage), 1U) << "it would be served here";
        EXPECT_TRUE(owner == kWorkers || owner == worker);
        owner = worker;
      }
    }
    ++clients[owner];
  }
  EXPECT_EQ(clients.size(), kWorkers);
  for (const auto& [worker, count] : clients) {
    EXPECT_GT(count, 50) << worker;
  }
}

}  // namespace
}  // namespace dialtone::server
