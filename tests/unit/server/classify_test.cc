// SPDX-License-Identifier: Apache-2.0
//
// What the lower layers drop and answer: frame in, reason or reply out.
#include "tests/unit/server/harness.h"

namespace dialtone::server {
namespace {

using test::echo_request;
using test::kPhoneAddress;
using test::kPhoneMac;
using test::kServerAddress;
using test::kServerMac;
using test::Packet;
using test::Server;
using test::ServerTest;

class Classify : public ServerTest {
 protected:
  void expect_drop(const std::string& frame, DropReason reason, const char* what) {
    const std::uint64_t before = server.count(reason);
    EXPECT_FALSE(server.send(frame).has_value()) << what;
    EXPECT_EQ(server.count(reason), before + 1) << what;
    // T-rule: after every case an ordinary request is served.
    EXPECT_EQ(server.ask(Packet().rrq("a")).body, "hello") << what;
  }
  static Packet rrq() { return Packet().rrq("a"); }
};

TEST_F(Classify, DropReasons) {
  std::string lldp = rrq().bytes();
  lldp.replace(12, 2, "\x88\xcc");
  std::string version6 = rrq().bytes();
  version6[14] = 0x65;
  const std::string short_udp = test::ip_frame(17, "1234567");
  std::string bad_icmp = echo_request("x");
  bad_icmp[42] = 'y';
  const wire::MacAddress other{{2, 0, 0, 0, 0, 9}};
  const wire::MacAddress group{{1, 0, 0x5e, 0, 0, 9}};

  struct Case {
    const char* what;
    std::string frame;
    DropReason reason;
  };
  const std::vector<Case> cases = {
      {"runt", rrq().bytes().substr(0, 13), DropReason::kTruncated},
      {"half an IPv4 header", rrq().bytes().substr(0, 30), DropReason::kTruncated},
      {"IPv4 header says 6", version6, DropReason::kTruncated},
      {"another host's MAC", rrq().to_mac(other).bytes(), DropReason::kNotOurMac},
      {"broadcast frame, T21", rrq().to_mac(wire::kBroadcastMac).bytes(), DropReason::kBroadcast},
      {"multicast frame, T21", rrq().to_mac(group).bytes(), DropReason::kBroadcast},
      {"limited broadcast, RFC 1123 4.2.3.5", rrq().to_address(0xffffffff).bytes(),
       DropReason::kBroadcast},
      {"multicast address", rrq().to_address(0xe0000001).bytes(), DropReason::kBroadcast},
      {"LLDP", lldp, DropReason::kEtherType},
      {"ARP for another", test::arp_request(kServerAddress + 1), DropReason::kArp},
      {"ARP reply", test::arp_request(kServerAddress, kPhoneAddress, 2), DropReason::kArp},
      {"IPv4 checksum, RFC 791", rrq().bad_ip_checksum().bytes(), DropReason::kIpChecksum},
      {"first fragment, T13", rrq().fragment(0x2000).bytes(), DropReason::kFragment},
      {"last fragment, T13", rrq().fragment(0x0003).bytes(), DropReason::kFragment},
      {"another host's address", rrq().to_address(kServerAddress + 1).bytes(),
       DropReason::kNotOurAddress},
      {"from our address, T04", rrq().from(kServerAddress, 5000).bytes(), DropReason::kBadSource},
      {"from 0, T04", rrq().from(0, 5000).bytes(), DropReason::kBadSource},
      {"from multicast, T04", rrq().from(0xe0000005, 5000).bytes(), DropReason::kBadSource},
      {"from broadcast, T04", rrq().from(0xffffffff, 5000).bytes(), DropReason::kBadSource},
      {"from a group MAC", rrq().from_mac(group).bytes(), DropReason::kBadSource},
      {"port 0, T04", rrq().from(kPhoneAddress, 0).bytes(), DropReason::kBadSourcePort},
      {"port 7, T04", rrq().from(kPhoneAddress, 7).bytes(), DropReason::kBadSourcePort},
      {"port 19, T04", rrq().from(kPhoneAddress, 19).bytes(), DropReason::kBadSourcePort},
      {"port 69, T04", rrq().from(kPhoneAddress, 69).bytes(), DropReason::kBadSourcePort},
      {"ICMP checksum", bad_icmp, DropReason::kIcmp},
      {"TCP", rrq().protocol(6).bytes(), DropReason::kProtocol},
      {"7 bytes of UDP", short_udp, DropReason::kUdpMalformed},
      {"UDP length too long, RFC 768", rrq().udp_length(600).bytes(), DropReason::kUdpMalformed},
      {"UDP length too short, RFC 768", rrq().udp_length(7).bytes(), DropReason::kUdpMalformed},
      {"UDP checksum", rrq().bad_udp_checksum().bytes(), DropReason::kUdpChecksum},
      {"partial checksum", rrq().partial_udp_checksum().bytes(), DropReason::kUdpChecksum},
      {"port 6970", rrq().to_port(6970).bytes(), DropReason::kPort},
      {"empty datagram, T01", Packet().payload("").bytes(), DropReason::kTftpShort},
      {"1 byte, T01", Packet().payload(std::string(1, '\0')).bytes(), DropReason::kTftpShort},
      {"3 bytes, T01", Packet().payload(std::string("\0\1\0", 3)).bytes(), DropReason::kTftpShort},
  };
  for (const Case& c : cases) {
    expect_drop(c.frame, c.reason, c.what);
  }
}

TEST_F(Classify, AnotherWorkersPortIsHandedOff) {
  Server second({.worker = 1, .workers = 3, .worker_bits = 2});
  second.publish(&image.live());
  const auto first = second.judge(Packet().to_port(0x8001).ack(1).bytes());
  EXPECT_EQ(first.verdict, Verdict::kHandOff);
  EXPECT_EQ(first.frame.owner, 0);
  EXPECT_EQ(second.judge(Packet().to_port(0xc001).ack(1).bytes()).frame.owner, 2);
  EXPECT_EQ(second.count(Counter::kFramesHandedOff), 2U);
  // Two bits have room for a worker that is not there.
  EXPECT_EQ(second.judge(Packet().to_port(0xe001).ack(1).bytes()).verdict, Verdict::kDrop);
  EXPECT_EQ(second.count(DropReason::kWrongWorker), 1U);
  const test::ReplyView reply = second.ask(Packet().rrq("a"));
  EXPECT_EQ(reply.source_port >> 13, 0x8001 >> 13 | 1);
}

TEST_F(Classify, UdpChecksumOfZeroIsAcceptedRfc768) {
  EXPECT_EQ(server.ask(rrq().no_udp_checksum()).body, "hello");
}

TEST_F(Classify, IpOptionsAreSkippedRfc791) {
  EXPECT_EQ(server.ask(rrq().ip_options(std::string(12, '\1'))).body, "hello");
}

TEST_F(Classify, FragmentsGoToReassemblyWhereThereIsOne) {
  Server joining({.reassembles = true});
  joining.publish(&image.live());
  const auto outcome =
      joining.judge(rrq().ip_options(std::string(12, '\1')).fragment(0x2000).bytes());
  EXPECT_EQ(outcome.verdict, Verdict::kReassemble);
  EXPECT_EQ(outcome.frame.l2_length, 14);
  EXPECT_EQ(outcome.frame.l3_length, 32);
  EXPECT_EQ(joining.count(Counter::kFragments), 1U);
  EXPECT_EQ(joining.judge(rrq().to_address(kServerAddress + 1).fragment(0x2000).bytes()).verdict,
            Verdict::kDrop);
}

TEST_F(Classify, TheKernelGetsWhatIsSoundAndNotOurs) {
  Server passing({.punts_per_second = 10});
  passing.publish(&image.live());
  passing.now = 10 * test::kTicksPerSecond;
  const std::string tcp = rrq().protocol(6).bytes();
  EXPECT_EQ(passing.judge(tcp).verdict, Verdict::kPunt);
  EXPECT_EQ(passing.judge(rrq().to_port(6970).bytes()).verdict, Verdict::kPunt);
  EXPECT_EQ(passing.judge(test::arp_request(kServerAddress, kPhoneAddress, 2)).verdict,
            Verdict::kPunt);
  EXPECT_EQ(passing.judge(rrq().bad_ip_checksum().bytes()).verdict, Verdict::kDrop);
  EXPECT_EQ(passing.judge(test::arp_request(kServerAddress)).verdict, Verdict::kReply);
  EXPECT_EQ(passing.count(Counter::kFramesPunted), 3U);
  // A burst at once, then so many a second: the kernel cannot be flooded through us.
  for (int i = 0; i < 100; ++i) {
    passing.judge(tcp);
  }
  EXPECT_EQ(passing.count(Counter::kFramesPunted), 65U) << "64 to our MAC, and one to all";
  EXPECT_EQ(passing.count(DropReason::kProtocol), 38U);
  passing.now += test::kTicksPerSecond;
  EXPECT_EQ(passing.judge(tcp).verdict, Verdict::kPunt);
}

TEST_F(Classify, AStormToAllLeavesTheKernelsConnectionsTheirShare) {
  Server passing({.punts_per_second = 10});
  const std::string storm = test::arp_request(kServerAddress + 1);
  for (int i = 0; i < 1000; ++i) {
    passing.judge(storm);
  }
  EXPECT_EQ(passing.count(Counter::kFramesPunted), 64U);
  EXPECT_EQ(passing.judge(rrq().protocol(6).bytes()).verdict, Verdict::kPunt);
}

TEST_F(Classify, AChecksumThatThePortHasVerifiedIsNotReadAgain) {
  const std::string frame = rrq().bad_udp_checksum().bytes();
  EXPECT_EQ(server.judge(frame, true).verdict, Verdict::kReply);
  EXPECT_EQ(server.judge(frame, false).verdict, Verdict::kDrop);
}

TEST_F(Classify, ChecksumsAreLeftToAPortThatComputesThem) {
  Server plain;
  Server lazy({.offload = {.ip = true, .udp = true}});
  plain.publish(&image.live());
  lazy.publish(&image.live());
  const std::string whole = *plain.send(rrq());
  const Server::Outcome outcome = lazy.judge(rrq().bytes());
  EXPECT_EQ(outcome.frame.l2_length, 14);
  EXPECT_EQ(outcome.frame.l3_length, 20);
  std::string left(reinterpret_cast<const char*>(outcome.frame.data), outcome.frame.length);
  EXPECT_EQ(left.substr(24, 2), std::string(2, '\0'));
  // The pseudo-header's sum, which a port goes on from.
  const std::string pseudo = left.substr(26, 8) + std::string("\0\21", 2) + left.substr(38, 2);
  const std::uint16_t sum = test::plain_sum(pseudo);
  EXPECT_EQ(left.substr(40, 2),
            std::string({static_cast<char>(sum >> 8), static_cast<char>(sum & 0xff)}));
  left.replace(24, 2, whole.substr(24, 2));
  left.replace(40, 2, whole.substr(40, 2));
  EXPECT_EQ(left, whole);
}

TEST_F(Classify, PartialChecksumsWhenAllowedAreCountedApart) {
  Server lenient({.accept_partial_checksum = true});
  lenient.publish(&image.live());
  EXPECT_EQ(lenient.ask(rrq().partial_udp_checksum()).body, "hello");
  EXPECT_EQ(lenient.count(Counter::kPartialChecksums), 1U);
  EXPECT_FALSE(lenient.send(rrq().bad_udp_checksum()));
  EXPECT_EQ(lenient.count(DropReason::kUdpChecksum), 1U);
}

TEST_F(Classify, EveryTruncationOfAFrameIsSurvived) {
  const std::string frame = Packet().rrq("sep001122334455.cnf.xml").bytes();
  for (std::size_t size = 0; size < frame.size(); ++size) {
    EXPECT_FALSE(server.send(frame.substr(0, size)));
  }
  EXPECT_EQ(server.sessions(), 0U);
}

TEST_F(Classify, ArpRequestIsAnsweredAndPaddedRfc826) {
  const auto reply = server.send(test::arp_request(kServerAddress));
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->size(), wire::kMinFrame);
  wire::ArpPacket arp;
  std::memcpy(&arp, reply->data() + 14, sizeof(arp));
  EXPECT_EQ(arp.operation.host(), wire::kArpReply);
  EXPECT_EQ(arp.sender_mac, kServerMac);
  EXPECT_EQ(arp.target_mac, kPhoneMac);
  EXPECT_EQ(reply->substr(42), std::string(18, '\0'));
  EXPECT_EQ(server.count(Counter::kArpReplies), 1U);
}

TEST_F(Classify, EchoIsAnsweredRfc1122) {
  for (const std::size_t size : {0U, 1U, 56U, 1472U}) {
    for (const std::string& options : {std::string(), std::string(8, '\1')}) {
      if (size + options.size() > 1472) {
        continue;
      }
      const std::string data = test::pattern(size);
      const auto reply = server.send(echo_request(data, options));
      ASSERT_TRUE(reply);
      ASSERT_EQ(reply->size(), std::max<std::size_t>(60, 42 + size));
      EXPECT_EQ(test::plain_sum(reply->substr(14, 20)), 0xffff);
      EXPECT_EQ(test::plain_sum(reply->substr(34, 8 + size)), 0xffff);
      EXPECT_EQ((*reply)[34], '\0');
      EXPECT_EQ(reply->substr(38, 4), std::string("\0\7\0\11", 4));
      EXPECT_EQ(reply->substr(42, size), data);
      wire::Ipv4Header ip;
      std::memcpy(&ip, reply->data() + 14, sizeof(ip));
      EXPECT_EQ(ip.source.host(), kServerAddress);
      EXPECT_EQ(ip.destination.host(), kPhoneAddress);
      EXPECT_EQ(ip.protocol, wire::kProtocolIcmp);
    }
  }
}

TEST_F(Classify, WithoutAnImageOnlyRequestsAreDropped) {
  server.publish(nullptr);
  EXPECT_FALSE(server.send(rrq()));
  EXPECT_EQ(server.count(DropReason::kNoImage), 1U);
  EXPECT_TRUE(server.send(test::arp_request(kServerAddress)));
  EXPECT_TRUE(server.send(echo_request("x")));
}

}  // namespace
}  // namespace dialtone::server
