// SPDX-License-Identifier: Apache-2.0
//
// 802.1Q and QinQ: an answer carries the tags of its request, and VLANs are worlds of their own.
#include "tests/unit/server/harness.h"

namespace dialtone::server {
namespace {

using test::kPhoneAddress;
using test::Packet;
using test::ReplyView;
using test::ServerTest;

using Vlan = ServerTest;

const std::string kVoice("\x81\0\xa0\x64", 4);             // VLAN 100, priority 5
const std::string kQinQ("\x88\xa8\0\x07\x81\0\0\x64", 8);  // 7 outside, 100 inside
const std::string kPriorityOnly("\x81\0\xa0\0", 4);        // VLAN 0

Packet voice() {
  return Packet().tagged(0x8100, 0xa064);
}

TEST_F(Vlan, AnswersCarryTheTagsTheyCameWithS13) {
  ReplyView reply = server.ask(voice().rrq("two"));
  EXPECT_EQ(reply.fault, "");
  EXPECT_EQ(reply.tags, kVoice);
  reply = server.ask(voice().to_port(reply.source_port).ack(1));
  EXPECT_EQ(reply.number, 2);
  EXPECT_EQ(reply.tags, kVoice);
  EXPECT_EQ(server.ask(Packet().tagged(0x88a8, 7).tagged(0x8100, 100).rrq("two")).tags, kQinQ);
  EXPECT_EQ(server.ask(Packet().tagged(0x8100, 0xa000).rrq("two")).tags, kPriorityOnly);
  EXPECT_EQ(server.ask(Packet().from_v6().rrq("two")).fault, "no reply");
  EXPECT_EQ(server.ask(voice().rrq("nowhere")).tags, kVoice);
}

// A link that carries 1,500 bytes has room for one tag beside them.
TEST_F(Vlan, ASecondTagTakesItsBytesFromTheBlockRfc2348) {
  const std::string options("blksize\0001468\0", 13);
  EXPECT_EQ(server.ask(voice().rrq("two", "octet", options)).packet.substr(2), options);
  const Packet two_tags = Packet().tagged(0x88a8, 7).tagged(0x8100, 100);
  EXPECT_EQ(server.ask(Packet(two_tags).rrq("two", "octet", options)).packet.substr(2),
            std::string("blksize\0001464\0", 13));
}

TEST_F(Vlan, CopiesCarryThemToo) {
  server.ask(voice().rrq("two"));
  server.now += 10 * test::kTicksPerSecond;
  const auto copies = server.run_timers();
  ASSERT_EQ(copies.size(), 1U);
  EXPECT_EQ(test::parse_reply(copies[0]).tags, kVoice);
}

TEST_F(Vlan, OneAddressInTwoVlansIsTwoPhonesS13) {
  const ReplyView first = server.ask(voice().rrq("two"));
  const ReplyView other = server.ask(Packet().tagged(0x8100, 200).rrq("two"));
  const ReplyView plain = server.ask(Packet().rrq("two"));
  EXPECT_EQ(server.sessions(), 3U);
  // An ACK out of another VLAN moves nothing.
  server.send(Packet().tagged(0x8100, 200).to_port(first.source_port).ack(1));
  EXPECT_EQ(server.count(Counter::kAcks), 0U);
  EXPECT_EQ(server.ask(voice().to_port(first.source_port).ack(1)).number, 2);
  EXPECT_EQ(server.ask(Packet().tagged(0x8100, 200).to_port(other.source_port).ack(1)).number, 2);
  EXPECT_EQ(server.ask(Packet().to_port(plain.source_port).ack(1)).number, 2);
}

TEST_F(Vlan, APriorityIsNoVlan) {
  const ReplyView first = server.ask(Packet().tagged(0x8100, 0xa000).rrq("two"));
  EXPECT_EQ(server.ask(Packet().to_port(first.source_port).ack(1)).number, 2);
  // Nor is another priority another phone.
  const ReplyView voice_first = server.ask(voice().rrq("two"));
  const ReplyView next =
      server.ask(Packet().tagged(0x8100, 0x0064).to_port(voice_first.source_port).ack(1));
  EXPECT_EQ(next.number, 2);
  EXPECT_EQ(next.tags, std::string("\x81\0\0\x64", 4));
}

TEST_F(Vlan, ArpAndEchoAreAnsweredWithinIt) {
  std::string arp = test::arp_request(test::kServerAddress);
  arp.insert(12, kVoice);
  const auto reply = server.send(arp);
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->substr(12, 6), kVoice + std::string("\x08\x06", 2));
  std::string echo = test::echo_request("x");
  echo.insert(12, kQinQ);
  const auto answer = server.send(echo);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->substr(12, 10), kQinQ + std::string("\x08\0", 2));
}

TEST_F(Vlan, TruncatedAndTripleTagsAreDropped) {
  const std::string frame = voice().rrq("sep001122334455.cnf.xml").bytes();
  for (std::size_t size = 0; size < frame.size(); ++size) {
    EXPECT_FALSE(server.send(frame.substr(0, size)));
  }
  const Packet three = Packet().tagged(0x88a8, 1).tagged(0x8100, 2).tagged(0x8100, 3).rrq("a");
  EXPECT_FALSE(server.send(three));
  EXPECT_EQ(server.count(DropReason::kEtherType), 1U);
}

}  // namespace
}  // namespace dialtone::server
