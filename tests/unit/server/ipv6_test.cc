// SPDX-License-Identifier: Apache-2.0
//
// The same service over IPv6: requests, transfers, neighbours, echo; and what must not be answered.
#include "dataplane/wire/neighbour.h"
#include "tests/unit/server/harness.h"

namespace dialtone::server {
namespace {

using test::kPhoneAddress6;
using test::kPhoneMac;
using test::kServerAddress6;
using test::kServerMac;
using test::Packet;
using test::ReplyView;
using test::Server;
using test::ServerTest;

const Server::Options kBoth{
    .addresses = {IpAddress::from_v4(test::kServerAddress), kServerAddress6}};

class Ipv6 : public ServerTest {
 protected:
  Ipv6() : ServerTest(kBoth) {
    for (std::size_t i = 0; i < server.addresses().size(); ++i) {
      server.addresses().set_state(i, AddressState::kUsable);
    }
  }
  static Packet rrq(std::string_view name = "a", std::string_view options = {}) {
    return Packet().from_v6().rrq(name, "octet", options);
  }
  void expect_drop(const std::string& frame, DropReason reason, const char* what) {
    const std::uint64_t before = server.count(reason);
    EXPECT_FALSE(server.send(frame)) << what;
    EXPECT_EQ(server.count(reason), before + 1) << what;
  }
};

TEST_F(Ipv6, AWholeTransferRfc1350) {
  ReplyView data = server.ask(rrq("sep001122334455.cnf.xml"));
  std::string content;
  for (std::uint16_t block = 1;; ++block) {
    ASSERT_EQ(data.fault, "");
    ASSERT_EQ(data.number, block);
    EXPECT_EQ(data.source, kServerAddress6);
    EXPECT_EQ(data.destination, kPhoneAddress6);
    EXPECT_EQ(data.destination_mac, kPhoneMac);
    content += data.body;
    const Packet ack = Packet().from_v6().to_port(data.source_port).ack(block);
    if (data.body.size() < 512) {
      EXPECT_FALSE(server.send(ack));
      break;
    }
    data = server.ask(ack);
  }
  EXPECT_EQ(content, long_text);
  EXPECT_EQ(server.count(Counter::kTransfersCompleted), 1U);
}

TEST_F(Ipv6, ErrorsAndCopiesGoOutOverItToo) {
  EXPECT_EQ(server.ask(rrq("nowhere")).number, 1);
  const ReplyView first = server.ask(rrq("two"));
  server.now += 10 * test::kTicksPerSecond;
  const auto copies = server.unasked();
  ASSERT_EQ(copies.size(), 1U);
  EXPECT_EQ(copies[0].packet, first.packet);
  EXPECT_EQ(copies[0].destination, kPhoneAddress6);
}

TEST_F(Ipv6, BlocksFitTheFrameRfc2348) {
  using namespace std::literals;
  const ReplyView oack = server.ask(rrq("two",
                                        "blksize\0"
                                        "9000\0"sv));
  EXPECT_EQ(oack.opcode, 6);
  EXPECT_EQ(oack.body,
            "ksize\0"
            "1448\0"s.substr(0))
      << oack.packet;
}

TEST_F(Ipv6, AClientOfEachVersionHasASessionOfItsOwn) {
  EXPECT_EQ(server.ask(Packet().rrq("two")).number, 1);
  EXPECT_EQ(server.ask(rrq("two")).number, 1);
  EXPECT_EQ(server.sessions(), 2U);
}

TEST_F(Ipv6, AChecksumIsNeededRfc8200Section81) {
  expect_drop(rrq().no_udp_checksum().bytes(), DropReason::kUdpChecksum, "zero, S15");
  expect_drop(rrq().bad_udp_checksum().bytes(), DropReason::kUdpChecksum, "wrong");
  expect_drop(rrq().partial_udp_checksum().bytes(), DropReason::kUdpChecksum, "partial");
}

TEST_F(Ipv6, DropReasons) {
  const IpAddress all_hosts{0xff02000000000000, 1};
  const std::string bad_option("\x11\0\x40\4\1\1\1\1", 8);
  const std::string fragment("\x11\0\0\1\0\0\0\7", 8);
  expect_drop(rrq().to_address(all_hosts).bytes(), DropReason::kBroadcast, "multicast, T21");
  expect_drop(rrq().to_mac({{0x33, 0x33, 0, 0, 0, 1}}).bytes(), DropReason::kBroadcast,
              "a group's MAC, T21");
  expect_drop(rrq().to_address({0x20010db800000000, 2}).bytes(), DropReason::kNotOurAddress,
              "another host");
  expect_drop(Packet().from(IpAddress{0, 1}, 5).to_address(kServerAddress6).rrq("a").bytes(),
              DropReason::kBadSource, "loopback, T04");
  expect_drop(Packet().from(IpAddress{}, 5).to_address(kServerAddress6).rrq("a").bytes(),
              DropReason::kBadSource, "no source, T04");
  expect_drop(Packet().from(kServerAddress6, 5).rrq("a").bytes(), DropReason::kBadSource,
              "from our address, T04");
  expect_drop(Packet().from(all_hosts, 5).to_address(kServerAddress6).rrq("a").bytes(),
              DropReason::kBadSource, "from a group, T04");
  expect_drop(Packet().from_v6(69).rrq("a").bytes(), DropReason::kBadSourcePort, "port 69, T04");
  expect_drop(rrq().extensions(wire::kNextHopByHop, bad_option).bytes(), DropReason::kExtension,
              "an option that must be known, S15");
  expect_drop(rrq().extensions(wire::kNextFragment, fragment).bytes(), DropReason::kFragment,
              "a fragment, T13");
  expect_drop(rrq().protocol(6).bytes(), DropReason::kProtocol, "TCP");
  EXPECT_EQ(server.ask(rrq()).body, "hello");
}

TEST_F(Ipv6, ExtensionHeadersAreSkippedS15) {
  const std::string padding("\x11\0\1\4\0\0\0\0", 8);
  EXPECT_EQ(server.ask(rrq().extensions(wire::kNextDestination, padding)).body, "hello");
}

TEST_F(Ipv6, EchoIsAnsweredRfc4443) {
  const std::string request = std::string("\x80\0\0\0\0\7\0\x09", 8) + test::pattern(100);
  const auto reply =
      server.send(test::icmpv6_frame(kServerMac, kPhoneAddress6, kServerAddress6, 64, request));
  ASSERT_TRUE(reply);
  const std::string message = reply->substr(54);
  EXPECT_EQ(message[0], '\x81');
  EXPECT_EQ(message.substr(4), request.substr(4));
  EXPECT_EQ(test::plain_sum(message, test::pseudo_words(kServerAddress6, kPhoneAddress6,
                                                        message.size(), wire::kNextIcmpv6)),
            0xffff);
}

std::string solicitation(const IpAddress& target) {
  wire::NeighbourMessage message{};
  message.type = wire::kNeighbourSolicitation;
  message.target.set(target);
  return {reinterpret_cast<const char*>(&message), sizeof(message)};
}

TEST_F(Ipv6, SolicitationsAreAnsweredRfc4861) {
  const IpAddress group = wire::solicited_node(kServerAddress6);
  const auto reply = server.send(test::icmpv6_frame(wire::multicast_mac(group), kPhoneAddress6,
                                                    group, 255, solicitation(kServerAddress6)));
  ASSERT_TRUE(reply);
  ASSERT_EQ(reply->size(), 54U + 32);
  EXPECT_EQ(reply->substr(0, 6), std::string("\0\x11\x22\x33\x44\x55", 6));
  EXPECT_EQ((*reply)[21], '\xff') << "hop limit";
  const std::string message = reply->substr(54);
  EXPECT_EQ(message[0], '\x88');
  EXPECT_EQ(message[4], '\x60') << "solicited, override";
  EXPECT_EQ(message.substr(24), std::string("\2\1\x02\x44\x54\0\0\1", 8)) << "our MAC";
  EXPECT_EQ(test::plain_sum(message, test::pseudo_words(kServerAddress6, kPhoneAddress6,
                                                        message.size(), wire::kNextIcmpv6)),
            0xffff);
  EXPECT_EQ(server.count(Counter::kNeighbourReplies), 1U);
}

TEST_F(Ipv6, AProbeOfOurAddressIsAnsweredToAllNodesRfc4861Section724) {
  const IpAddress group = wire::solicited_node(kServerAddress6);
  const auto reply = server.send(test::icmpv6_frame(wire::multicast_mac(group), {}, group, 255,
                                                    solicitation(kServerAddress6)));
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->substr(0, 6), std::string("\x33\x33\0\0\0\1", 6));
  EXPECT_EQ((*reply)[58], '\x20') << "override, not solicited";
}

TEST_F(Ipv6, OtherSolicitationsAreNot) {
  const IpAddress other{0x20010db800000000, 0x77};
  expect_drop(
      test::icmpv6_frame(kServerMac, kPhoneAddress6, kServerAddress6, 255, solicitation(other)),
      DropReason::kNeighbour, "another host's address");
  expect_drop(test::icmpv6_frame(kServerMac, kPhoneAddress6, kServerAddress6, 64,
                                 solicitation(kServerAddress6)),
              DropReason::kNeighbour, "from beyond a router");
}

// Both kinds of addresses are kept in one form: ours of IPv4 must not be found under ::ffff:0:0/96.
TEST_F(Ipv6, AnIpv4AddressOfOursIsNoneOfIpv6) {
  const IpAddress mapped = IpAddress::from_v4(test::kServerAddress);
  const std::string own_udp = Packet().from_v6().rrq("a").bytes();
  std::string frame = own_udp;
  frame.replace(14 + 24, 16, std::string(10, '\0') + "\xff\xff" + std::string("\x0a\x4d\0\1", 4));
  expect_drop(frame, DropReason::kBadSource, "to ::ffff:10.77.0.1");
  frame = own_udp;
  frame.replace(14 + 8, 16, std::string(10, '\0') + "\xff\xff" + std::string("\x0a\x4d\1\2", 4));
  expect_drop(frame, DropReason::kBadSource, "from ::ffff:10.77.1.2");
  expect_drop(test::icmpv6_frame(wire::multicast_mac(wire::solicited_node(mapped)), kPhoneAddress6,
                                 wire::solicited_node(mapped), 255, solicitation(mapped)),
              DropReason::kNeighbour, "who has ::ffff:10.77.0.1");
}

TEST_F(Ipv6, LinkLocalClientsAreServedFromOurLinkLocalAddress) {
  const IpAddress ours = wire::link_local_of(kServerMac);
  const ReplyView reply =
      server.ask(Packet().from(IpAddress{0xfe80000000000000, 9}, 5000).to_address(ours).rrq("a"));
  EXPECT_EQ(reply.fault, "");
  EXPECT_EQ(reply.body, "hello");
  EXPECT_EQ(reply.source, ours);
}

}  // namespace
}  // namespace dialtone::server
