// SPDX-License-Identifier: Apache-2.0
#include "tests/support/packet_builder.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>

namespace dialtone::wire {
namespace {

using test::Packet;

std::span<const std::byte> as_bytes(const std::string& text, std::size_t skip = 0) {
  return std::as_bytes(std::span(text.data(), text.size())).subspan(skip);
}

constexpr std::size_t kIp = sizeof(EthernetHeader);

TEST(ParseIpv4, EndsAtTotalLengthNotAtThePadding) {
  const std::string frame = Packet().ack(1).bytes();
  const Ipv4Packet packet = parse_ipv4(as_bytes(frame, kIp));
  ASSERT_EQ(packet.fault, Ipv4Fault::kNone);
  EXPECT_EQ(packet.payload.size(), 12U);
}

TEST(ParseIpv4, SkipsOptionsWithinBoundsRfc791) {
  const std::string frame = Packet().ip_options(std::string(40, '\x01')).ack(1).bytes();
  const Ipv4Packet packet = parse_ipv4(as_bytes(frame, kIp));
  ASSERT_EQ(packet.fault, Ipv4Fault::kNone);
  EXPECT_EQ(packet.payload.size(), 12U);
  EXPECT_EQ(parse_ipv4(as_bytes(frame, kIp).first(59)).fault, Ipv4Fault::kMalformed);
}

TEST(ParseIpv4, EveryTruncationIsMalformed) {
  const std::string frame = Packet().rrq("a").bytes();
  const auto whole = as_bytes(frame, kIp).first(20 + 8 + 10);
  ASSERT_EQ(parse_ipv4(whole).fault, Ipv4Fault::kNone);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_EQ(parse_ipv4(whole.first(size)).fault, Ipv4Fault::kMalformed) << size;
  }
}

TEST(ParseIpv4, RefusesOtherVersionsAndShortHeaders) {
  for (const int first : {0x55, 0x65, 0x44, 0x40}) {
    std::string frame = Packet().ack(1).bytes();
    frame[kIp] = static_cast<char>(first);
    EXPECT_EQ(parse_ipv4(as_bytes(frame, kIp)).fault, Ipv4Fault::kMalformed) << first;
  }
}

TEST(ParseIpv4, VerifiesTheHeaderChecksum) {
  const std::string frame = Packet().ack(1).bad_ip_checksum().bytes();
  EXPECT_EQ(parse_ipv4(as_bytes(frame, kIp)).fault, Ipv4Fault::kChecksum);
}

TEST(ParseIpv4, FirstAndLaterFragmentsAreFragmentsT13) {
  for (const int field : {0x2000, 0x0001, 0x2010, 0x1fff}) {
    const std::string frame = Packet().ack(1).fragment(static_cast<std::uint16_t>(field)).bytes();
    EXPECT_EQ(parse_ipv4(as_bytes(frame, kIp)).fault, Ipv4Fault::kFragment) << field;
  }
  const std::string whole = Packet().ack(1).fragment(kDontFragment).bytes();
  EXPECT_EQ(parse_ipv4(as_bytes(whole, kIp)).fault, Ipv4Fault::kNone);
}

TEST(ParseUdp, LengthMustFitRfc768) {
  std::string datagram(
      "\x12\x34\x00\x45\x00\x0c\x00\x00"
      "body",
      12);
  ASSERT_NE(parse_udp(as_bytes(datagram)).header, nullptr);
  EXPECT_EQ(parse_udp(as_bytes(datagram)).payload.size(), 4U);
  for (const int length : {0, 7, 13}) {
    datagram[5] = static_cast<char>(length);
    EXPECT_EQ(parse_udp(as_bytes(datagram)).header, nullptr) << length;
  }
  EXPECT_EQ(parse_udp(as_bytes(datagram).first(7)).header, nullptr);
}

UdpChecksum check(const std::string& frame) {
  const Ipv4Packet packet = parse_ipv4(as_bytes(frame, kIp));
  const UdpDatagram datagram = parse_udp(packet.payload);
  return check_udp(pseudo_header_sum(packet.header->source.raw(), packet.header->destination.raw(),
                                     datagram.header->length.host()),
                   datagram);
}

TEST(CheckUdp, ToldApart) {
  EXPECT_EQ(check(Packet().rrq("ab").bytes()), UdpChecksum::kValid);
  EXPECT_EQ(check(Packet().rrq("odd").bytes()), UdpChecksum::kValid);
  EXPECT_EQ(check(Packet().rrq("ab").no_udp_checksum().bytes()), UdpChecksum::kNone);
  EXPECT_EQ(check(Packet().rrq("ab").partial_udp_checksum().bytes()), UdpChecksum::kPartial);
  EXPECT_EQ(check(Packet().rrq("ab").bad_udp_checksum().bytes()), UdpChecksum::kWrong);
}

TEST(Arp, AReplyGoesToWhoAskedRfc826) {
  const std::string frame = test::arp_request(test::kServerAddress);
  const ArpPacket* request = parse_arp(as_bytes(frame, kIp));
  ASSERT_NE(request, nullptr);
  ArpPacket arp = *request;
  make_arp_reply(arp, test::kServerMac);
  EXPECT_EQ(arp.operation.host(), kArpReply);
  EXPECT_EQ(arp.sender_mac, test::kServerMac);
  EXPECT_EQ(arp.sender_address.host(), test::kServerAddress);
  EXPECT_EQ(arp.target_mac, test::kPhoneMac);
  EXPECT_EQ(arp.target_address.host(), test::kPhoneAddress);
}

TEST(Arp, AnythingElseIsNone) {
  std::string frame = test::arp_request(test::kServerAddress);
  EXPECT_EQ(parse_arp(as_bytes(frame, kIp).first(27)), nullptr);
  for (const std::size_t field : {1U, 2U, 4U, 5U}) {  // hardware, protocol, their lengths
    std::string other = frame;
    other[kIp + field] = '\x77';
    EXPECT_EQ(parse_arp(as_bytes(other, kIp)), nullptr) << field;
  }
}

TEST(Arp, AnAnnouncementAsksForItsOwnAddressRfc5227) {
  const ArpPacket arp = arp_announcement(test::kServerMac, test::kServerAddress);
  const ArpPacket* parsed = parse_arp(std::as_bytes(std::span(&arp, 1)));
  ASSERT_NE(parsed, nullptr);
  EXPECT_EQ(parsed->operation.host(), kArpRequest);
  EXPECT_EQ(parsed->sender_address.host(), test::kServerAddress);
  EXPECT_EQ(parsed->target_address.host(), test::kServerAddress);
  EXPECT_EQ(parsed->sender_mac, test::kServerMac);
}

TEST(Icmp, EchoReplyKeepsIdentifierAndDataRfc792) {
  std::string message = test::echo_request("12345").substr(34, 8 + 5);
  ASSERT_TRUE(is_echo_request(as_bytes(message)));
  const std::string before = message;
  make_echo_reply(std::as_writable_bytes(std::span(message.data(), message.size())));
  EXPECT_EQ(message[0], '\0');
  EXPECT_EQ(message.substr(4), before.substr(4));
  EXPECT_EQ(test::plain_sum(message), 0xffff);
  EXPECT_FALSE(is_echo_request(as_bytes(message)));
}

TEST(Icmp, WrongChecksumOrShortIsUnsound) {
  std::string message = test::echo_request("12345").substr(34, 8 + 5);
  EXPECT_FALSE(is_sound_icmp(as_bytes(message).first(7)));
  message[9] = static_cast<char>(message[9] ^ 4);
  EXPECT_FALSE(is_sound_icmp(as_bytes(message)));
}

TEST(Addresses, NoHostMayUseThemRfc1122) {
  for (const std::uint32_t address : {0U, 0x00010203U, 0x7f000001U, 0xe0000001U, 0xffffffffU}) {
    EXPECT_FALSE(is_unicast_source(address)) << address;
  }
  EXPECT_TRUE(is_unicast_source(test::kPhoneAddress));
}

}  // namespace
}  // namespace dialtone::wire
