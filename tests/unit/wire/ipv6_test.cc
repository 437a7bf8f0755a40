// SPDX-License-Identifier: Apache-2.0
#include "dataplane/wire/ipv6.h"

#include "dataplane/wire/neighbour.h"
#include "tests/support/packet_builder.h"

#include <gtest/gtest.h>

#include <string>

namespace dialtone::wire {
namespace {

using test::kPhoneAddress6;
using test::kServerAddress6;
using test::Packet;

constexpr std::size_t kIp = sizeof(EthernetHeader);

std::span<const std::byte> ip_of(const std::string& frame) {
  return std::as_bytes(std::span(frame.data(), frame.size())).subspan(kIp);
}

// `next`, a length in units of 8 bytes behind the first, and what fills it.
std::string extension(std::uint8_t next, std::string_view data) {
  std::string header{static_cast<char>(next), static_cast<char>((data.size() + 2) / 8 - 1)};
  return header + std::string(data);
}
const std::string kPadding("\1\4\0\0\0\0", 6);  // PadN

Ipv6Packet parse_with(std::uint8_t first, const std::string& extensions) {
  static std::string frame;
  frame = Packet().from_v6().extensions(first, extensions).ack(1).bytes();
  return parse_ipv6(ip_of(frame));
}

TEST(ParseIpv6, PlainAndEveryTruncationRfc8200) {
  const std::string frame = Packet().from_v6().rrq("a").bytes();
  const auto whole = ip_of(frame).first(40 + 8 + 10);
  const Ipv6Packet packet = parse_ipv6(whole);
  ASSERT_EQ(packet.fault, Ipv6Fault::kNone);
  EXPECT_EQ(packet.protocol, 17);
  EXPECT_EQ(packet.payload.size(), 18U);
  EXPECT_EQ(packet.header->source.host(), kPhoneAddress6);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_EQ(parse_ipv6(whole.first(size)).fault, Ipv6Fault::kMalformed) << size;
  }
  std::string version4 = frame;
  version4[kIp] = 0x45;
  EXPECT_EQ(parse_ipv6(ip_of(version4)).fault, Ipv6Fault::kMalformed);
}

TEST(ParseIpv6, HarmlessExtensionHeadersAreSkippedRfc8200) {
  const std::string options = extension(kNextDestination, kPadding) +
                              extension(kNextRouting, kPadding) +
                              extension(17, std::string("\0\0\0\0\0\0", 6));
  const Ipv6Packet packet = parse_with(kNextHopByHop, options);
  ASSERT_EQ(packet.fault, Ipv6Fault::kNone);
  EXPECT_EQ(packet.protocol, 17);
  EXPECT_EQ(packet.payload.size(), 12U);
}

TEST(ParseIpv6, WhatMustNotBeSkippedIsRefusedRfc8200) {
  // An option whose type says "drop when unknown", one that does not fit, a route that goes on.
  EXPECT_EQ(parse_with(kNextHopByHop, extension(17, "\x40\4\1\1\1\1")).fault,
            Ipv6Fault::kExtension);
  EXPECT_EQ(parse_with(kNextHopByHop, extension(17, "\x05\x20\1\1\1\1")).fault,
            Ipv6Fault::kExtension);
  EXPECT_EQ(parse_with(kNextRouting, extension(17, std::string("\0\1\0\0\0\0", 6))).fault,
            Ipv6Fault::kExtension);
  std::string many;
  for (int i = 0; i < 9; ++i) {
    many += extension(kNextDestination, kPadding);
  }
  EXPECT_EQ(parse_with(kNextDestination, many).fault, Ipv6Fault::kExtension);
  // A length beyond the packet.
  EXPECT_EQ(parse_with(kNextDestination, std::string("\x11\x40\1\4\0\0\0\0", 8)).fault,
            Ipv6Fault::kMalformed);
}

TEST(ParseIpv6, OnlyRealFragmentsAreFragmentsRfc6946) {
  const auto fragment = [](const char* field) {
    return std::string("\x11\0", 2) + std::string(field, 2) + std::string("\0\0\0\7", 4);
  };
  EXPECT_EQ(parse_with(kNextFragment, fragment("\0\0")).fault, Ipv6Fault::kNone);
  const Ipv6Packet first = parse_with(kNextFragment, fragment("\0\1"));
  EXPECT_EQ(first.fault, Ipv6Fault::kFragment);
  EXPECT_TRUE(first.fragment_is_first_header);
  EXPECT_EQ(parse_with(kNextFragment, fragment("\0\x08")).fault, Ipv6Fault::kFragment);
  EXPECT_FALSE(parse_with(kNextDestination, extension(kNextFragment, kPadding) + fragment("\0\1"))
                   .fragment_is_first_header);
}

std::string solicitation(const IpAddress& target, std::string_view options = {}) {
  NeighbourMessage message{};
  message.type = kNeighbourSolicitation;
  message.target.set(target);
  return std::string(reinterpret_cast<const char*>(&message), sizeof(message)) +
         std::string(options);
}
const std::string kSourceMacOption("\1\1\0\x11\x22\x33\x44\x55", 8);

std::optional<IpAddress> target_of(const IpAddress& source, const IpAddress& destination,
                                   std::uint8_t hop_limit, const std::string& message) {
  const std::string frame =
      test::icmpv6_frame(test::kServerMac, source, destination, hop_limit, message);
  const Ipv6Packet packet = parse_ipv6(ip_of(frame));
  EXPECT_TRUE(is_sound_icmpv6(*packet.header, packet.payload));
  return solicited_target(*packet.header, packet.payload);
}

TEST(Neighbour, SolicitationsAreCheckedRfc4861Section711) {
  const IpAddress group = solicited_node(kServerAddress6);
  const std::string good = solicitation(kServerAddress6, kSourceMacOption);
  EXPECT_EQ(target_of(kPhoneAddress6, group, 255, good), kServerAddress6);
  EXPECT_EQ(target_of(kPhoneAddress6, kServerAddress6, 255, good), kServerAddress6);
  EXPECT_EQ(target_of({}, group, 255, solicitation(kServerAddress6)), kServerAddress6);

  EXPECT_FALSE(target_of(kPhoneAddress6, group, 254, good));           // came over a router
  EXPECT_FALSE(target_of(kPhoneAddress6, kPhoneAddress6, 255, good));  // section 4.3
  EXPECT_FALSE(target_of(kPhoneAddress6, solicited_node(kPhoneAddress6), 255, good));
  EXPECT_FALSE(target_of(kPhoneAddress6, group, 255, solicitation(group)));
  const IpAddress mapped = IpAddress::from_v4(test::kServerAddress);
  EXPECT_FALSE(target_of(kPhoneAddress6, solicited_node(mapped), 255, solicitation(mapped)));
  EXPECT_FALSE(target_of({}, group, 255, good));  // a probe has no MAC option
  EXPECT_FALSE(target_of({}, kServerAddress6, 255, solicitation(kServerAddress6)));
  for (const std::string& options : {std::string("\1\0\0\0\0\0\0\0", 8),
                                     std::string("\1\2\0\0\0\0\0\0", 8), std::string("\1")}) {
    EXPECT_FALSE(target_of(kPhoneAddress6, group, 255, solicitation(kServerAddress6, options)));
  }
  std::string code = good;
  code[1] = '\1';
  EXPECT_FALSE(target_of(kPhoneAddress6, group, 255, code));
}

TEST(Neighbour, AddressesThatFollowFromOthers) {
  EXPECT_EQ(solicited_node({0x20010db800000000, 0x1234}),
            (IpAddress{0xff02000000000000, 0x1ff001234}));
  EXPECT_EQ(multicast_mac(solicited_node({0, 0x00abcdef})),
            (MacAddress{{0x33, 0x33, 0xff, 0xab, 0xcd, 0xef}}));
  EXPECT_EQ(link_local_of({{0x02, 0x44, 0x0a, 0x4d, 0x00, 0x01}}),
            (IpAddress{0xfe80000000000000, 0x00440afffe4d0001}));
}

}  // namespace
}  // namespace dialtone::wire
