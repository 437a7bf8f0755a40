// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/host/host.h"

#include "dataplane/wire/icmpv6.h"
#include "dataplane/wire/neighbour.h"
#include "tests/support/packet_builder.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstring>
#include <string>

namespace dialtone::emu {
namespace {

constexpr Micros kSecond = 1'000'000;
const IpAddress kServer = IpAddress::from_v4(test::kServerAddress);
const IpAddress kPhone = IpAddress::from_v4(test::kPhoneAddress);

HostConfig phone(std::optional<std::uint16_t> vlan = {}) {
  return {.mac = test::kPhoneMac,
          .vlan = vlan,
          .address = kPhone,
          .subnet = {IpAddress::from_v4(0x0a4d0000), 112},
          .gateway = IpAddress::from_v4(0x0a4d00fe)};
}

HostConfig phone6() {
  return {.mac = test::kPhoneMac,
          .address = test::kPhoneAddress6,
          .subnet = {{0x20010db800000000, 0}, 64}};
}

std::span<const std::byte> bytes(const std::string& text) {
  return std::as_bytes(std::span(text));
}

std::string next(Host& host) {
  if (host.outbox.empty()) {
    return {};
  }
  const Host::Frame frame = host.outbox.front();
  host.outbox.pop_front();
  return {reinterpret_cast<const char*>(frame.data()), frame.size()};
}

// An ARP packet as a neighbour sends it.
std::string arp(std::uint16_t operation, std::uint32_t sender, std::uint32_t target) {
  wire::ArpPacket packet = wire::arp_announcement(test::kServerMac, sender);
  packet.operation.set(operation);
  packet.target_address.set(target);
  const wire::EthernetHeader ethernet{test::kPhoneMac, test::kServerMac, {{0x08, 0x06}}};
  std::string frame(reinterpret_cast<const char*>(&ethernet), sizeof(ethernet));
  frame.append(reinterpret_cast<const char*>(&packet), sizeof(packet));
  return frame;
}

std::uint32_t asked_for(const std::string& frame) {
  const auto received = parse_frame(bytes(frame));
  const wire::ArpPacket* packet = received ? wire::parse_arp(received->payload) : nullptr;
  return packet == nullptr ? 0 : packet->target_address.host();
}

// Header and payload: ports, length and checksum with them.
std::string udp_of(const std::string& frame) {
  const auto received = parse_frame(bytes(frame));
  const auto datagram = received ? parse_udp(*received) : std::nullopt;
  if (!datagram) {
    return "no datagram";
  }
  const std::span<const std::byte> payload = datagram->payload;
  return {reinterpret_cast<const char*>(payload.data()) - sizeof(wire::UdpHeader),
          sizeof(wire::UdpHeader) + payload.size()};
}

std::string from_server(const std::string& payload) {
  return test::Packet()
      .from(test::kServerAddress, 3000)
      .from_mac(test::kServerMac)
      .to_mac(test::kPhoneMac)
      .to_address(test::kPhoneAddress)
      .to_port(50000)
      .payload(payload)
      .bytes();
}

TEST(EmulatedHost, AsksForItsNeighbourAndThenSends) {
  Host host(phone());
  host.send(kServer, 50000, 69, bytes("hello"), 0);
  EXPECT_EQ(asked_for(next(host)), test::kServerAddress);
  EXPECT_TRUE(host.outbox.empty());
  EXPECT_FALSE(host.on_frame(bytes(arp(2, test::kServerAddress, test::kPhoneAddress))).datagram);
  EXPECT_EQ(udp_of(next(host)),
            udp_of(test::Packet().from(kPhone, 50000).payload("hello").bytes()));
  host.send(kServer, 50000, 69, bytes("again"), 0);
  const std::string frame = next(host);
  EXPECT_EQ(parse_frame(bytes(frame))->to_mac, test::kServerMac);
  EXPECT_EQ(udp_of(frame), udp_of(test::Packet().from(kPhone, 50000).payload("again").bytes()));
}

TEST(EmulatedHost, AsksThreeTimesAndGivesUp) {
  Host host(phone());
  host.send(kServer, 50000, 69, bytes("hello"), 0);
  int asked = 0;
  for (Micros now = 0; now <= 5 * kSecond; now += kSecond) {
    host.on_time(now);
    while (asked_for(next(host)) != 0) {
      ++asked;
    }
  }
  EXPECT_EQ(asked, 3);
  EXPECT_FALSE(host.on_frame(bytes(arp(2, test::kServerAddress, test::kPhoneAddress))).datagram);
  EXPECT_EQ(next(host), "");
}

TEST(EmulatedHost, WhoIsFarIsReachedThroughTheGateway) {
  Host host(phone());
  host.send(IpAddress::from_v4(0x0a630001), 50000, 69, bytes("hello"), 0);
  EXPECT_EQ(asked_for(next(host)), 0x0a4d00feu);
}

TEST(EmulatedHost, TakesADatagramForItself) {
  Host host(phone());
  const std::string frame = from_server("data");
  const auto datagram = host.on_frame(bytes(frame)).datagram;
  ASSERT_TRUE(datagram);
  EXPECT_EQ(datagram->from, kServer);
  EXPECT_EQ(datagram->from_port, 3000);
  EXPECT_EQ(datagram->to_port, 50000);
  EXPECT_EQ(datagram->payload.size(), 4u);
}

TEST(EmulatedHost, LooksAtNothingThatIsForOthers) {
  Host host(phone());
  const std::string of_another_mac =
      test::Packet().to_mac(test::kServerMac).to_address(kPhone).payload("x").bytes();
  const std::string of_another_address =
      test::Packet().to_mac(test::kPhoneMac).to_address(kServer).payload("x").bytes();
  EXPECT_FALSE(host.on_frame(bytes(of_another_mac)).datagram);
  EXPECT_FALSE(host.on_frame(bytes(of_another_address)).datagram);
  EXPECT_FALSE(host.on_frame(bytes(std::string("short"))).datagram);
  Host tagged(phone(7));
  EXPECT_FALSE(tagged.on_frame(bytes(from_server("data"))).datagram);
}

TEST(EmulatedHost, AnAddressOfIpv4IsNoneOfAnIpv6Packet) {
  std::string frame = test::Packet()
                          .from(test::kServerAddress6, 3000)
                          .to_mac(test::kPhoneMac)
                          .to_address(test::kPhoneAddress6)
                          .to_port(50000)
                          .payload("x")
                          .bytes();
  EXPECT_TRUE(parse_ip(*parse_frame(bytes(frame))));
  wire::NetAddress6 source{};
  source.set(kServer);  // mapped
  constexpr std::size_t kSource = sizeof(wire::EthernetHeader) + offsetof(wire::Ipv6Header, source);
  std::memcpy(frame.data() + kSource, &source, sizeof(source));
  EXPECT_FALSE(parse_ip(*parse_frame(bytes(frame))));
}

TEST(EmulatedHost, ASegmentIsTakenForItsAddressAlone) {
  Host host(phone());
  for (const IpAddress& to : {kPhone, kServer}) {
    std::string frame(wire::kMaxFrame, '\0');
    frame.resize(write_tcp({.from_mac = test::kServerMac, .to_mac = test::kPhoneMac},
                           {.from = kServer, .to = to, .from_port = 2000, .flags = kSyn},
                           std::as_writable_bytes(std::span(frame))));
    const Arrival arrival = host.on_frame(bytes(frame));
    EXPECT_EQ(arrival.segment.has_value(), to == kPhone);
    EXPECT_FALSE(arrival.datagram);
  }
}

TEST(EmulatedHost, AWrongChecksumIsNoDatagram) {
  Host host(phone());
  EXPECT_FALSE(host.on_frame(bytes(test::Packet()
                                       .to_mac(test::kPhoneMac)
                                       .to_address(kPhone)
                                       .payload("x")
                                       .bad_udp_checksum()
                                       .bytes()))
                   .datagram);
}

TEST(EmulatedHost, SpeaksInItsVoiceVlan) {
  Host host(phone(7));
  host.send(kServer, 50000, 69, bytes("hello"), 0);
  const std::string frame = next(host);
  const auto received = parse_frame(bytes(frame));
  ASSERT_TRUE(received);
  EXPECT_EQ(received->vlan, 7);
  EXPECT_EQ(asked_for(frame), test::kServerAddress);
}

TEST(EmulatedHost, AnEchoIsAnsweredWhenItHasRoomInAFrame) {
  HostConfig place = phone();
  place.mac = test::kServerMac;
  place.address = kServer;
  Host host(place);
  host.on_frame(bytes(test::echo_request(std::string(1400, 'x'))));
  EXPECT_EQ(next(host).size(), sizeof(wire::EthernetHeader) + 20 + 8 + 1400);
  host.on_frame(bytes(test::echo_request(std::string(4000, 'x'))));
  EXPECT_EQ(next(host), "");
}

TEST(EmulatedHost, AnswersArpForItsAddressAlone) {
  Host host(phone());
  EXPECT_FALSE(host.on_frame(bytes(arp(1, test::kServerAddress, test::kPhoneAddress))).datagram);
  EXPECT_EQ(asked_for(next(host)), test::kServerAddress);  // the reply's target: who asked
  EXPECT_FALSE(
      host.on_frame(bytes(arp(1, test::kServerAddress, test::kPhoneAddress + 1))).datagram);
  EXPECT_EQ(next(host), "");
}

TEST(EmulatedHost, ABroadcastHasNoAddressYet) {
  Host host(HostConfig{.mac = test::kPhoneMac});
  host.broadcast(68, 67, bytes("discover"));
  const std::string frame = next(host);
  const auto received = parse_frame(bytes(frame));
  ASSERT_TRUE(received);
  const auto datagram = parse_udp(*received);
  ASSERT_TRUE(datagram);
  EXPECT_EQ(datagram->from, IpAddress::from_v4(0));
  EXPECT_EQ(datagram->to, IpAddress::from_v4(0xffffffff));
  EXPECT_EQ(received->to_mac, wire::kBroadcastMac);
}

TEST(EmulatedHost, Rfc4861AnIpv6NeighbourIsSolicited) {
  Host host(phone6());
  host.send(test::kServerAddress6, 50000, 69, bytes("hello"), 0);
  const std::string frame = next(host);
  const auto received = parse_frame(bytes(frame));
  ASSERT_TRUE(received);
  EXPECT_EQ(received->to_mac, wire::multicast_mac(wire::solicited_node(test::kServerAddress6)));
  const auto packet = wire::parse_ipv6(received->payload);
  ASSERT_EQ(packet.fault, wire::Ipv6Fault::kNone);
  EXPECT_TRUE(wire::is_sound_icmpv6(*packet.header, packet.payload));
  EXPECT_EQ(wire::solicited_target(*packet.header, packet.payload), test::kServerAddress6);
}

// Two hosts find each other, and the datagram arrives.
TEST(EmulatedHost, TwoOfThemTalkOverIpv6) {
  Host one(phone6());
  HostConfig other = phone6();
  other.mac = test::kServerMac;
  other.address = test::kServerAddress6;
  Host two(other);
  one.send(test::kServerAddress6, 50000, 69, bytes("hello"), 0);
  std::string heard;
  for (int i = 0; i < 4; ++i) {
    for (std::string frame = next(one); !frame.empty(); frame = next(one)) {
      if (const auto datagram = two.on_frame(bytes(frame)).datagram) {
        heard.assign(reinterpret_cast<const char*>(datagram->payload.data()),
                     datagram->payload.size());
      }
    }
    for (std::string frame = next(two); !frame.empty(); frame = next(two)) {
      EXPECT_FALSE(one.on_frame(bytes(frame)).datagram);
    }
  }
  EXPECT_EQ(heard, "hello");
}

}  // namespace
}  // namespace dialtone::emu
