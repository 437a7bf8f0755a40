// SPDX-License-Identifier: Apache-2.0
//
// Inside a transfer: ACKs, strangers, ends, timers, and whole files over a bad network.
#include "tests/unit/server/harness.h"

#include <deque>
#include <random>

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

TEST_F(Transfer, RetransmissionIsBoundedAndGoesToTheMacOfTheRequestT68) {
  const wire::MacAddress router{{2, 1, 1, 1, 1, 1}};
  const std::uint16_t tid = server.ask(Packet().from_mac(router).rrq("two")).source_port;
  std::vector<std::string> copies;
  for (int i = 0; i < 40; ++i) {
    server.now += kTicksPerSecond / 4;
    for (std::string& copy : server.run_timers()) {
      copies.push_back(std::move(copy));
    }
  }
  ASSERT_EQ(copies.size(), 5U);  // Policy::retransmits
  for (const std::string& copy : copies) {
    const ReplyView view = parse_reply(copy);
    EXPECT_EQ(view.fault, "");
    EXPECT_EQ(view.number, 1);
    EXPECT_EQ(view.body, two.substr(0, 512));
    EXPECT_EQ(view.source_port, tid);
    EXPECT_EQ(view.destination_port, 49152);
    EXPECT_EQ(view.destination_mac, router);
  }
  EXPECT_EQ(server.sessions(), 0U);
  EXPECT_EQ(server.count(Counter::kTransfersTimedOut), 1U);
  EXPECT_EQ(server.count(Counter::kDataRetransmitted), 5U);
}

TEST_F(Transfer, LastAckLostThenFreedT70) {
  open("a");
  std::size_t copies = 0;
  for (int i = 0; i < 40; ++i) {
    server.now += kTicksPerSecond / 4;
    copies += server.run_timers().size();
  }
  EXPECT_EQ(copies, 5U);
  EXPECT_EQ(server.sessions(), 0U);
}

TEST_F(Transfer, TheTimeoutIsThePolicysAndAnAckPutsItOff) {
  const std::uint16_t tid = open("SEP001122334455.cnf.xml");
  const Ticks begin = server.now;
  server.now = begin + kTicksPerSecond - 1;
  EXPECT_TRUE(server.run_timers().empty());
  EXPECT_EQ(server.ask(ack(tid, 1)).number, 2);
  server.now = begin + 2 * kTicksPerSecond - 2;
  EXPECT_TRUE(server.run_timers().empty());
  // Looked at four times in a timeout: late by a quarter at most.
  server.now = begin + 2 * kTicksPerSecond + kTicksPerSecond / 4;
  const auto copies = server.run_timers();
  ASSERT_EQ(copies.size(), 1U);
  EXPECT_EQ(parse_reply(copies[0]).number, 2);
}

TEST_F(Transfer, ADuplicateAckDoesNotPutOffTheTimer) {
  const std::uint16_t tid = open("two");
  server.now += kTicksPerSecond - 1;
  server.send(ack(tid, 0));
  server.now += 1;
  EXPECT_EQ(server.run_timers().size(), 1U);
}

TEST_F(Transfer, TimersAreBoundedPerCallAndLoseNothing) {
  Server many({.max_sessions = 100});
  many.publish(&image.live());
  for (std::uint16_t port = 1000; port < 1100; ++port) {
    many.send(Packet().from(kPhoneAddress, port).rrq("a"));
  }
  many.now += kTicksPerSecond;
  EXPECT_EQ(many.responder().timers_due(many.now), kMaxBurst);
  EXPECT_EQ(many.run_timers().size(), 100U);
  EXPECT_EQ(many.responder().timers_due(many.now), 0U);
}

TEST_F(Transfer, WithoutFramesTheCopiesWait) {
  open("a");
  server.now += kTicksPerSecond;
  EXPECT_EQ(server.responder().timers_due(server.now), 1U);
  EXPECT_EQ(server.responder().run_timers(server.now, {}), 0U);
  EXPECT_EQ(server.responder().timers_due(server.now), 1U);
  EXPECT_EQ(server.run_timers().size(), 1U);
}

// Clients and a network that loses, doubles and reorders, on virtual time; every byte is compared.
TEST(TransferLossy, ByteExactUnderLossDuplicatesAndReordering) {
  const std::string content = test::pattern(512 * 40 + 7);
  TestImage image;
  image.policy().retransmits = 20;
  image.add("f", content).build();
  Server server;
  server.publish(&image.live());
  std::mt19937 random(2026);
  const auto chance = [&](unsigned percent) { return random() % 100 < percent; };

  constexpr std::uint16_t kClients = 16;
  struct Client {
    std::string content;
    std::uint64_t next = 1;
    bool done = false;
  };
  std::vector<Client> clients(kClients);
  std::deque<std::string> to_server;
  const auto rrq = [](std::uint16_t i) {
    return Packet().from(kPhoneAddress, static_cast<std::uint16_t>(3000 + i)).rrq("f").bytes();
  };
  const auto receive = [&](const std::string& frame) {
    const ReplyView view = parse_reply(frame);
    ASSERT_EQ(view.fault, "");
    ASSERT_EQ(view.opcode, 3);
    Client& client = clients[view.destination_port - 3000U];
    if (view.number == (client.next & 0xffff)) {
      client.content += view.body;
      ++client.next;
      client.done = view.body.size() < 512;
    } else if (view.number >= client.next) {
      FAIL() << "a hole: block " << view.number << " for " << client.next;
    }
    const std::string ack = Packet()
                                .from(kPhoneAddress, view.destination_port)
                                .to_port(view.source_port)
                                .ack(view.number)
                                .bytes();
    for (unsigned copy = chance(10) ? 2 : 1; copy > 0; --copy) {
      if (!chance(10)) {
        chance(10) ? to_server.push_front(ack) : to_server.push_back(ack);
      }
    }
  };
  for (std::uint16_t i = 0; i < kClients; ++i) {
    to_server.push_back(rrq(i));
  }
  for (int turn = 0; turn < 4000; ++turn) {
    std::vector<std::string> burst;
    while (!to_server.empty() && burst.size() < kMaxBurst) {
      burst.push_back(to_server.front());
      to_server.pop_front();
    }
    for (const auto& reply : server.send_burst(burst)) {
      if (reply && !chance(10)) {
        receive(*reply);
      }
    }
    server.now += kTicksPerSecond / 10;
    for (const std::string& copy : server.run_timers()) {
      if (!chance(10)) {
        receive(copy);
      }
    }
    // A phone repeats its request after 4 s.
    for (std::uint16_t i = 0; turn % 40 == 39 && i < kClients; ++i) {
      if (clients[i].next == 1) {
        to_server.push_back(rrq(i));
      }
    }
  }
  for (const Client& client : clients) {
    EXPECT_TRUE(client.done);
    EXPECT_TRUE(client.content == content);
  }
  EXPECT_EQ(server.sessions(), 0U);
  EXPECT_EQ(server.pinned(), 0U);
  EXPECT_GT(server.count(Counter::kDataRetransmitted), 50U);
  EXPECT_GT(server.count(Counter::kAcksDuplicate), 50U);
}

}  // namespace
}  // namespace dialtone::server
