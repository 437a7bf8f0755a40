// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/dhcp6/client.h"
#include "dataplane/wire/neighbour.h"
#include "tests/support/packet_builder.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace dialtone::emu {
namespace {

using namespace std::string_literals;

constexpr std::uint32_t kTransaction = 0x010203;
const IpAddress kTftp{0xfd00007700000000, 1};
const IpAddress kOwn{0xfd00007700000000, 0x4000};

std::span<const std::byte> bytes(const std::string& text) {
  return std::as_bytes(std::span(text));
}

std::string option(int code, const std::string& value) {
  return std::string{static_cast<char>(code >> 8), static_cast<char>(code),
                     static_cast<char>(value.size() >> 8), static_cast<char>(value.size())} +
         value;
}

std::string net(const IpAddress& address) {
  std::string text;
  for (const std::uint64_t half : {address.high, address.low}) {
    for (int shift = 56; shift >= 0; shift -= 8) {
      text += static_cast<char>(half >> shift);
    }
  }
  return text;
}

// A packet of a server, of options as RFC 8415 has them.
std::string reply(Dhcp6Type type, std::uint32_t transaction, const std::string& more = "",
                  const IpAddress& own = kOwn, const std::string& server = "server") {
  const std::string address = option(5, net(own) + "\0\0\x0e\x10\0\0\x0e\x10"s);
  return std::string{static_cast<char>(type), static_cast<char>(transaction >> 16),
                     static_cast<char>(transaction >> 8), static_cast<char>(transaction)} +
         option(1, dhcp6_identity(test::kPhoneMac)) + option(2, server) +
         option(3, "\0\0\0\1\0\0\0\0\0\0\0\0"s + address) + more;
}

TEST(Dhcp6Message, WhatCiscoHasPutIntoVendorOptionsIsRead) {
  const std::string mine =
      option(17, "\0\0\0\x09"s + option(1, net(kTftp) + net(kOwn)) + option(2, "tftp.example"));
  const std::string other = option(17, "\0\0\0\x0a"s + option(1, net(kOwn)));
  const auto got = parse_dhcp6(
      bytes(reply(Dhcp6Type::kReply, 7,
                  mine + other + option(23, net(kTftp)) + option(24, "\6campus\7example\0"s))));
  ASSERT_TRUE(got);
  EXPECT_EQ(got->offer.sub_option1, (std::vector{kTftp, kOwn}));
  EXPECT_EQ(got->offer.sub_option2, "tftp.example");
  EXPECT_EQ(got->offer.domain, "campus.example");
  EXPECT_EQ(got->dns, std::vector{kTftp});
  EXPECT_EQ(got->address, kOwn);
  EXPECT_EQ(got->server, "server");
}

TEST(Dhcp6Message, WhatIsBrokenIsNone) {
  const std::string whole = reply(Dhcp6Type::kReply, 7);
  EXPECT_FALSE(parse_dhcp6(bytes(whole.substr(0, whole.size() - 1))));
  EXPECT_FALSE(parse_dhcp6(bytes("\7\0\0"s)));
  EXPECT_FALSE(parse_dhcp6(bytes(reply(Dhcp6Type::kSolicit, 7))));
  EXPECT_FALSE(parse_dhcp6(bytes(reply(Dhcp6Type::kReply, 7, option(17, "\0\0"s)))));
  EXPECT_FALSE(
      parse_dhcp6(bytes(reply(Dhcp6Type::kReply, 7, option(17, "\0\0\0\x09\0\1\0\x10"s)))));
}

TEST(Dhcp6Message, Rfc8415Section11Point1AnIdentityHasAtMost130Bytes) {
  const std::pair<std::size_t, bool> sizes[] = {{2, false}, {130, true}, {131, false}};
  for (const auto& [size, is_sound] : sizes) {
    EXPECT_EQ(parse_dhcp6(bytes(reply(Dhcp6Type::kAdvertise, 7, "", kOwn, std::string(size, 'x'))))
                  .has_value(),
              is_sound)
        << size;
  }
}

class Dhcp6Lab {
 public:
  // The type and the transaction of what was sent since the last call.
  std::vector<std::pair<Dhcp6Type, std::uint32_t>> sent() {
    std::vector<std::pair<Dhcp6Type, std::uint32_t>> all;
    for (; !host.outbox.empty(); host.outbox.pop_front()) {
      const auto frame = parse_frame(host.outbox.front());
      const auto datagram = parse_udp(*frame);
      EXPECT_EQ(datagram->to, kDhcp6Servers);
      EXPECT_EQ(datagram->from, wire::link_local_of(test::kPhoneMac));
      EXPECT_EQ(frame->to_mac.bytes, wire::multicast_mac(kDhcp6Servers).bytes);
      const auto* head = reinterpret_cast<const std::uint8_t*>(datagram->payload.data());
      all.emplace_back(static_cast<Dhcp6Type>(head[0]),
                       static_cast<std::uint32_t>(head[1] << 16 | head[2] << 8 | head[3]));
    }
    return all;
  }
  void give(const std::string& packet) {
    client.on_datagram(
        {kTftp, host.config().address, kDhcp6ServerPort, kDhcp6ClientPort, bytes(packet)}, 0);
  }

  Host host{{.mac = test::kPhoneMac}};
  Dhcp6Client client{host, "Cisco Systems, Inc. IP Phone", kTransaction, 0};
};

using Sent = std::vector<std::pair<Dhcp6Type, std::uint32_t>>;

// Row 65.
TEST(Dhcp6, FourPacketsGiveAnAddress) {
  Dhcp6Lab lab;
  EXPECT_EQ(lab.sent(), (Sent{{Dhcp6Type::kSolicit, kTransaction}}));
  lab.give(reply(Dhcp6Type::kAdvertise, kTransaction + 5));  // of somebody else
  EXPECT_TRUE(lab.sent().empty());
  lab.give(reply(Dhcp6Type::kAdvertise, kTransaction));
  EXPECT_EQ(lab.sent(), (Sent{{Dhcp6Type::kRequest, kTransaction + 1}}));
  lab.give(reply(Dhcp6Type::kReply, kTransaction + 1));
  ASSERT_TRUE(lab.client.lease());
  EXPECT_EQ(lab.host.config().address, kOwn);
  EXPECT_EQ(lab.client.packets(), 4u);
}

TEST(Dhcp6, AnAddressThatNoHostOfIpv6HasIsNotTaken) {
  const IpAddress mapped = IpAddress::from_v4(0x0a4d0009);
  const IpAddress loopback{0, 1};
  const IpAddress group{0xff02000000000000, 1};
  for (const IpAddress& wrong : {mapped, IpAddress{}, loopback, group}) {
    Dhcp6Lab lab;
    lab.sent();
    lab.give(reply(Dhcp6Type::kAdvertise, kTransaction, "", wrong));
    EXPECT_TRUE(lab.sent().empty());
    lab.give(reply(Dhcp6Type::kAdvertise, kTransaction));
    lab.give(reply(Dhcp6Type::kReply, kTransaction + 1, "", wrong));
    EXPECT_FALSE(lab.client.lease());
  }
}

TEST(Dhcp6, ARouterThatIsSetStays) {
  const IpAddress router{0xfe80000000000000, 1};
  for (const auto& [set, kept] :
       {std::pair{router, std::optional(router)},
        std::pair{IpAddress::from_v4(0x0a4d00fe), std::optional<IpAddress>()}}) {
    Host host{{.mac = test::kPhoneMac, .gateway = set}};
    const Dhcp6Client client(host, "", kTransaction, 0);
    EXPECT_EQ(host.config().gateway, kept);
  }
}

TEST(Dhcp6, ItAsksAgainOnADoublingClock) {
  Dhcp6Lab lab;
  std::vector<Micros> times;
  for (int turn = 0; turn < 4; ++turn) {
    times.push_back(lab.client.deadline() / 1'000'000);
    lab.client.on_time(lab.client.deadline());
  }
  EXPECT_EQ(times, (std::vector<Micros>{1, 3, 7, 15}));
  EXPECT_EQ(lab.sent().size(), 5u);
}

}  // namespace
}  // namespace dialtone::emu
