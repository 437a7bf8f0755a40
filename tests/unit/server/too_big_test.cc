// SPDX-License-Identifier: Apache-2.0
//
// Routers that say that a packet of a transfer is too big for the next link.
#include "dataplane/server/path_limits.h"
#include "dataplane/wire/ipv4.h"
#include "tests/unit/server/conformance.h"

#include <set>

namespace dialtone::server {
namespace {

using test::kPhoneAddress;
using test::kPhoneAddress6;
using test::kServerAddress6;
using test::kServerMac;
using test::kTicksPerSecond;
using test::nul;
using test::Packet;
using test::parse_reply;
using test::ReplyView;
using test::Server;
using test::ServerTest;

constexpr const char* kAsks = "sep001122334455.cnf.xml|octet|blksize|1468|windowsize|2|";

class TooBig : public ServerTest {
 protected:
  // From an address between us and the phone.
  static std::string icmp(const std::string& reply, std::uint16_t mtu, std::size_t quoted = 548) {
    std::string message = std::string("\3\4\0\0\0\0", 6) + static_cast<char>(mtu >> 8) +
                          static_cast<char>(mtu) + reply.substr(14, quoted);
    const auto sum = static_cast<std::uint16_t>(~test::plain_sum(message));
    message[2] = static_cast<char>(sum >> 8);
    message[3] = static_cast<char>(sum);
    std::string frame = test::ip_frame(wire::kProtocolIcmp, message);
    frame[29] = static_cast<char>(frame[29] ^ 1);  // the router's address, and its checksum
    frame[24] = frame[25] = 0;
    const auto header = static_cast<std::uint16_t>(~test::plain_sum(frame.substr(14, 20)));
    frame[24] = static_cast<char>(header >> 8);
    frame[25] = static_cast<char>(header);
    return frame;
  }
  static wire::Ipv4Header header_of(const std::string& frame) {
    wire::Ipv4Header header;
    std::memcpy(&header, frame.data() + 14, sizeof(header));
    return header;
  }
  static bool may_be_cut(const std::string& frame) {
    EXPECT_EQ(parse_reply(frame).fault, "");
    return header_of(frame).fragment.host() == 0;
  }
  // What a router of IPv6 says.
  static std::string icmpv6(const std::string& reply, std::uint16_t mtu) {
    const IpAddress router{0x20010db800000000, 0xffff};
    return test::icmpv6_frame(kServerMac, router, kServerAddress6, 64,
                              std::string("\2\0\0\0\0\0", 6) + static_cast<char>(mtu >> 8) +
                                  static_cast<char>(mtu) + reply.substr(14, 1232));
  }
  // The first blocks of a transfer, of 1,500 bytes each: all of its window.
  std::vector<std::string> begin(std::uint16_t port = 49152) { return begin(server, port); }
  std::vector<std::string> begin(Server& at, std::uint16_t port) {
    const Packet phone = Packet().from(kPhoneAddress, port);
    tid = at.ask(Packet(phone).opcode(1, nul(kAsks))).source_port;
    std::vector<std::string> blocks{*at.send(Packet(phone).to_port(tid).ack(0))};
    for (const std::string& block : at.run_timers()) {
      blocks.push_back(block);
    }
    EXPECT_EQ(blocks.size(), 2U);
    return blocks;
  }
  std::string asked_again(std::uint16_t port) {
    return test::Phone(server, kPhoneAddress, port).ask(kAsks);
  }

  std::uint16_t tid = 0;
};

TEST_F(TooBig, RoutersMayCutTheRestS16Rfc1191) {
  const auto blocks = begin();
  EXPECT_FALSE(may_be_cut(blocks[0]));
  EXPECT_FALSE(server.send(icmp(blocks[0], 1400)));
  EXPECT_FALSE(server.send(icmp(blocks[1], 1400))) << "the other one of the window";
  EXPECT_EQ(server.count(Counter::kPacketsTooBig), 2U);
  const auto again = server.run_timers();
  ASSERT_EQ(again.size(), 2U) << "the window once more, at once";
  for (std::size_t i = 0; i < again.size(); ++i) {
    EXPECT_TRUE(may_be_cut(again[i]));
    EXPECT_EQ(parse_reply(again[i]).packet, parse_reply(blocks[i]).packet);
  }
  EXPECT_NE(header_of(again[0]).id.host(), header_of(again[1]).id.host()) << "RFC 6864";
  EXPECT_FALSE(server.send(icmp(blocks[1], 1400))) << "late";
  EXPECT_TRUE(server.run_timers().empty()) << "sent again once";
  const auto next = server.send(Packet().to_port(tid).ack(2));
  ASSERT_TRUE(next);
  EXPECT_TRUE(may_be_cut(*next));
}

TEST_F(TooBig, TheNextTransfersGetBlocksThatFitS16) {
  server.send(icmp(begin()[0], 1400));
  EXPECT_EQ(asked_again(50000), "OACK blksize|1368|windowsize|2|");
  EXPECT_EQ(test::Phone(server, kPhoneAddress + 1).ask(kAsks), "OACK blksize|1468|windowsize|2|");
  server.now += PathLimits::kKept * kTicksPerSecond / 1'000'000;
  EXPECT_EQ(asked_again(50001), "OACK blksize|1468|windowsize|2|") << "RFC 8201 section 4";
}

TEST_F(TooBig, ANewTransferOfTheSamePlaceIsSentWholeAgain) {
  server.send(icmp(begin()[0], 0));
  server.send(Packet().to_port(tid).error(0, "enough"));
  EXPECT_FALSE(may_be_cut(begin()[0]));
}

TEST_F(TooBig, AnOldRouterSaysNoSizeAndQuotesLittleRfc792) {
  EXPECT_FALSE(server.send(icmp(begin()[0], 0, 28)));
  EXPECT_EQ(server.count(Counter::kPacketsTooBig), 1U);
  for (const std::string& frame : server.run_timers()) {
    EXPECT_TRUE(may_be_cut(frame));
  }
  EXPECT_EQ(asked_again(50000), "OACK blksize|1468|windowsize|2|") << "no size is known";
}

// All that the file has, in one block.
TEST_F(TooBig, AShortBlockMayBeTooBigTooRfc1191) {
  const auto port = server.ask(Packet().opcode(1, nul("two|octet|blksize|1468|"))).source_port;
  const auto block = server.send(Packet().to_port(port).ack(0));
  ASSERT_TRUE(block && parse_reply(*block).body.size() < 1368);
  EXPECT_FALSE(server.send(icmp(*block, 1000)));
  EXPECT_EQ(server.count(Counter::kPacketsTooBig), 1U);
  const auto again = server.run_timers();
  ASSERT_EQ(again.size(), 1U);
  EXPECT_TRUE(may_be_cut(again[0]));
  EXPECT_EQ(asked_again(50000), "OACK blksize|968|windowsize|2|");
}

// A forger asks in a phone's name, and knows the answer's port where there is one for all.
TEST_F(TooBig, WhatIsSaidOfATransferThatNobodyAnsweredIsForItAlone) {
  const auto first = server.send(Packet().opcode(1, nul("two|octet|")));
  ASSERT_TRUE(first);
  EXPECT_FALSE(server.send(icmp(*first, 500)));
  EXPECT_TRUE(server.run_timers().empty()) << "no packet that nobody pays for";
  EXPECT_EQ(asked_again(50000), "OACK blksize|1468|windowsize|2|");
  server.now += 2 * kTicksPerSecond;
  for (const std::string& copy : server.run_timers()) {
    EXPECT_EQ(may_be_cut(copy), parse_reply(copy).opcode == 3);
  }
}

TEST_F(TooBig, NoBlockGetsSmallerThanAPlainOne) {
  server.send(icmp(begin()[0], 100));
  EXPECT_EQ(asked_again(50000), "OACK blksize|544|windowsize|2|");
}

TEST_F(TooBig, OneThatQuotesNoPacketOnItsWayIsDropped) {
  const auto blocks = begin();
  // Both ports, both addresses, the length, the opcode, the number.
  for (const std::size_t byte : {29U, 33U, 34U, 35U, 36U, 37U, 38U, 39U, 43U, 44U}) {
    std::string forged = blocks[0];
    forged[byte] = static_cast<char>(forged[byte] ^ 1);
    EXPECT_FALSE(server.send(icmp(forged, 1400))) << byte;
  }
  EXPECT_FALSE(server.send(icmp(blocks[0], 1500))) << "it does fit";
  EXPECT_FALSE(server.send(icmp(blocks[0], 1400, 27))) << "no port is quoted";
  EXPECT_FALSE(server.send(Packet().to_port(tid).ack(2)) == std::nullopt);
  EXPECT_FALSE(server.send(icmp(blocks[1], 1400))) << "it has arrived";
  EXPECT_EQ(server.count(Counter::kPacketsTooBig), 0U);
  EXPECT_EQ(asked_again(50000), "OACK blksize|1468|windowsize|2|");
}

TEST_F(TooBig, OverIpv6TheTransferEndsAndTheNextOneFitsS16Rfc8201) {
  Server both({.addresses = {kServerAddress6}});
  both.publish(&image.live());
  both.addresses().set_state(0, AddressState::kUsable);
  const auto ask = [&](std::uint16_t port) {
    return both.ask(Packet().from_v6(port).opcode(1, nul(kAsks)));
  };
  const std::uint16_t port = ask(49152).source_port;
  const std::string data = *both.send(Packet().from_v6().to_port(port).ack(0));
  both.run_timers();
  both.send(icmpv6(data, 1279));  // no link of IPv6
  std::string other = data;
  other[65] = static_cast<char>(other[65] ^ 4);  // block 5
  both.send(icmpv6(other, 1400));
  EXPECT_EQ(both.count(Counter::kPacketsTooBig), 0U);
  both.send(icmpv6(data, 1400));
  const auto sent = both.run_timers();
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_EQ(test::told(parse_reply(sent[0])), "ERROR 0");
  EXPECT_EQ(both.sessions(), 0U);
  EXPECT_EQ(both.count(Counter::kTransfersTooBig), 1U);
  EXPECT_EQ(test::told(ask(50000)), "OACK blksize|1348|windowsize|2|");
}

TEST_F(TooBig, OverIpv6TwentyNewClientsASecondGetThroughS16) {
  constexpr std::uint64_t kASecond = 20;
  constexpr std::uint64_t kAMinute = 60 * kASecond;  // later each of them asks again
  constexpr std::uint64_t kClients = 2 * kAMinute;
  Server both({.addresses = {kServerAddress6}});
  both.publish(&image.live());
  both.addresses().set_state(0, AddressState::kUsable);
  const auto client = [](std::uint64_t number) {
    return Packet().from(IpAddress{kPhoneAddress6.high, 0x020000fffe000000U + number}, 49152);
  };
  const auto ask = [&](std::uint64_t number) {
    return both.ask(client(number).opcode(1, nul(kAsks)));
  };
  std::uint64_t fits = 0;
  for (std::uint64_t i = 0; i < kClients + kAMinute; ++i) {
    both.now += kTicksPerSecond / kASecond;
    if (i < kClients) {
      const std::uint16_t port = ask(i).source_port;
      const std::string data = *both.send(client(i).to_port(port).ack(0));
      both.send(icmpv6(data, 1400));
      both.run_timers();
    }
    if (i >= kAMinute) {
      const ReplyView again = ask(i - kAMinute);
      fits += test::told(again) == "OACK blksize|1348|windowsize|2|";
      both.send(client(i - kAMinute).to_port(again.source_port).error(0, "enough"));
    }
  }
  EXPECT_EQ(both.count(Counter::kTransfersTooBig), kClients);
  EXPECT_GE(fits, kClients * 99 / 100);
}

TEST_F(TooBig, PacketsThatMayBeCutHaveIdsOfTheirOwnRfc6864) {
  constexpr std::uint16_t kTransfers = 8;
  Server one({.single_port = true});
  one.publish(&image.live());
  std::set<std::uint16_t> ids;
  for (std::uint16_t i = 0; i < kTransfers; ++i) {
    one.send(icmp(begin(one, static_cast<std::uint16_t>(50000 + i))[0], 0));
    for (const std::string& frame : one.run_timers()) {
      ids.insert(header_of(frame).id.host());
    }
  }
  EXPECT_EQ(ids.size(), 2U * kTransfers) << "a client's transfers have one port of ours";
  one.now += 10 * kTicksPerSecond;
  const auto copies = one.run_timers();
  EXPECT_GE(copies.size(), kTransfers);
  for (const std::string& frame : copies) {
    EXPECT_TRUE(ids.count(header_of(frame).id.host())) << "copies are one packet";
  }
}

TEST_F(TooBig, TheNextTransferFromOnePortHasOtherIdsRfc6864) {
  std::set<std::uint16_t> ids;
  for (int i = 0; i < 2; ++i) {
    server.send(icmp(begin()[0], 0));
    for (const std::string& frame : server.run_timers()) {
      ids.insert(header_of(frame).id.host());
    }
    server.send(Packet().to_port(tid).error(0, "enough"));
    server.now += kTicksPerSecond;
  }
  EXPECT_EQ(ids.size(), 4U) << "a lost rest of the first may be waited for still";
}

TEST_F(TooBig, OverIpv6OneThatBeginsAgainAtOnceGoesOnS16) {
  Server both({.addresses = {kServerAddress6}});
  both.publish(&image.live());
  both.addresses().set_state(0, AddressState::kUsable);
  const Packet request = Packet().from_v6().opcode(1, nul(kAsks));
  const std::uint16_t port = both.ask(request).source_port;
  const std::string data = *both.send(Packet().from_v6().to_port(port).ack(0));
  both.run_timers();
  const auto replies = both.send_burst({icmpv6(data, 1400), request.bytes()});
  ASSERT_TRUE(replies[1]);
  const std::string fits = "OACK blksize|1348|windowsize|2|";
  EXPECT_EQ(test::told(parse_reply(*replies[1])), fits);
  EXPECT_TRUE(both.run_timers().empty());
  both.now += 2 * kTicksPerSecond;
  const auto copies = both.run_timers();
  ASSERT_EQ(copies.size(), 1U);
  EXPECT_EQ(test::told(parse_reply(copies[0])), fits);
  EXPECT_EQ(both.ask(Packet().from_v6().to_port(port).ack(0)).body.size(), 1348U);
  EXPECT_EQ(both.count(Counter::kTransfersTooBig), 0U);
}

}  // namespace
}  // namespace dialtone::server
