// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/device/device.h"
#include "bench/emu/dhcp/client.h"
#include "tests/support/packet_builder.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

namespace dialtone::emu {
namespace {

constexpr Micros kSecond = 1'000'000;
constexpr wire::MacAddress kMac{{0x00, 0x11, 0x22, 0x33, 0x44, 0x55}};
constexpr std::uint32_t kTransaction = 0x01020304;

IpAddress ip(std::uint32_t address) {
  return IpAddress::from_v4(address);
}

// A reply of a server, of fields at their places (RFC 2131 figure 1).
class Reply {
 public:
  explicit Reply(DhcpType type) : packet_(240, '\0') {
    packet_[0] = 2;
    packet_.replace(4, 4, "\x01\x02\x03\x04");
    packet_.replace(28, 6, std::string(reinterpret_cast<const char*>(kMac.bytes.data()), 6));
    packet_.replace(236, 4, "\x63\x82\x53\x63");
    option(53, std::string(1, static_cast<char>(type)));
    option(54, {10, 0, 0, 1});
    put(16, {10, 0, 0, 9});
  }

  Reply& put(std::size_t at, const std::string& bytes) {
    packet_.replace(at, bytes.size(), bytes);
    return *this;
  }
  Reply& option(int code, const std::string& value) {
    packet_ += static_cast<char>(code);
    packet_ += static_cast<char>(value.size());
    packet_ += value;
    return *this;
  }

  std::span<const std::byte> bytes() const { return std::as_bytes(std::span(packet_)); }

 private:
  std::string packet_;
};

// What a server sees of a client.
struct Seen {
  DhcpType type{};
  std::string options{};
};

class Lab {
 public:
  Lab()
      : host({.mac = kMac}), client(host, "Cisco Systems, Inc. IP Phone", "SEP", kTransaction, 0) {}

  void answer(const Reply& reply) {
    client.on_datagram({ip(0x0a000001), ip(0xffffffff), 67, 68, reply.bytes()}, now);
  }
  void wait() {
    now = client.deadline();
    client.on_time(now);
  }
  // The packet that was sent last.
  Seen seen() {
    const Host::Frame frame = host.outbox.back();
    host.outbox.clear();
    const auto received = parse_frame(frame);
    const auto datagram = parse_udp(*received);
    const std::string packet(reinterpret_cast<const char*>(datagram->payload.data()),
                             datagram->payload.size());
    EXPECT_EQ(datagram->to_port, 67);
    return {static_cast<DhcpType>(packet[242]), packet.substr(240)};
  }

  Micros now = 0;
  Host host;
  DhcpClient client;
};

// Row 46.
TEST(Dhcp, FourPacketsToAnAddress) {
  Lab lab;
  Seen discover = lab.seen();
  EXPECT_EQ(discover.type, DhcpType::kDiscover);
  EXPECT_NE(discover.options.find("Cisco Systems, Inc. IP Phone"), std::string::npos);
  lab.answer(Reply(DhcpType::kOffer));
  Seen request = lab.seen();
  EXPECT_EQ(request.type, DhcpType::kRequest);
  EXPECT_NE(request.options.find(std::string("\x32\x04\x0a\x00\x00\x09", 6)), std::string::npos);
  lab.answer(Reply(DhcpType::kAck)
                 .option(1, {-1, -1, -1, 0})
                 .option(3, {10, 0, 0, 2})
                 .option(6, {10, 0, 0, 3})
                 .option(15, "campus.example")
                 .option(150, {10, 0, 0, 4, 10, 0, 0, 5}));
  ASSERT_TRUE(lab.client.lease());
  const DhcpReply& lease = *lab.client.lease();
  EXPECT_EQ(lease.address, ip(0x0a000009));
  EXPECT_EQ(lease.prefix_bits, 24);
  EXPECT_EQ(lease.router, ip(0x0a000002));
  EXPECT_EQ(lease.dns, std::vector{ip(0x0a000003)});
  EXPECT_EQ(lease.offer.domain, "campus.example");
  EXPECT_EQ(lease.offer.option150, (std::vector{ip(0x0a000004), ip(0x0a000005)}));
  EXPECT_EQ(lab.client.packets(), 4u);
  EXPECT_EQ(lab.host.config().address, ip(0x0a000009));
  EXPECT_EQ(lab.host.config().gateway, ip(0x0a000002));
}

TEST(Dhcp, Rfc2131Section41ItAsksAgainAfter4And8And16Seconds) {
  Lab lab;
  std::vector<Micros> at;
  for (int i = 0; i < 6; ++i) {
    lab.wait();
    at.push_back(lab.now / kSecond);
  }
  EXPECT_EQ(at, (std::vector<Micros>{4, 12, 28, 60, 124, 188}));
}

TEST(Dhcp, AfterANakItBeginsAgain) {
  Lab lab;
  lab.answer(Reply(DhcpType::kOffer));
  (void)lab.seen();
  lab.answer(Reply(DhcpType::kNak));
  EXPECT_TRUE(lab.host.outbox.empty());
  lab.wait();
  EXPECT_EQ(lab.now, 4 * kSecond);
  EXPECT_EQ(lab.seen().type, DhcpType::kDiscover);
}

TEST(Dhcp, AServerThatFallsSilentIsForgotten) {
  Lab lab;
  lab.answer(Reply(DhcpType::kOffer));
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(lab.seen().type, DhcpType::kRequest) << i;
    lab.wait();
  }
  EXPECT_EQ(lab.seen().type, DhcpType::kDiscover);
}

TEST(Dhcp, AnAddressThatNobodyCanHaveIsNotTaken) {
  Lab lab;
  lab.answer(Reply(DhcpType::kOffer).put(16, {0, 0, 0, 0}));
  lab.answer(Reply(DhcpType::kOffer).put(16, {127, 0, 0, 1}));
  lab.answer(Reply(DhcpType::kOffer).put(16, {-32, 0, 0, 1}));  // 224.0.0.1
  lab.answer(Reply(DhcpType::kOffer).put(16, {10, 0, 0, 1}));   // the server's own
  EXPECT_EQ(lab.client.packets(), 1u);
  lab.answer(Reply(DhcpType::kOffer));
  lab.answer(Reply(DhcpType::kAck).put(16, {0, 0, 0, 0}));
  EXPECT_FALSE(lab.client.lease());
  lab.answer(Reply(DhcpType::kAck));
  EXPECT_TRUE(lab.client.lease());
}

TEST(Dhcp, ARouterThatIsSetCountsMore) {
  Lab lab;
  lab.host.configure({.mac = kMac, .gateway = ip(0x0a0000fe)});
  lab.answer(Reply(DhcpType::kOffer));
  lab.answer(Reply(DhcpType::kAck).option(3, {10, 0, 0, 2}));
  ASSERT_TRUE(lab.client.lease());
  EXPECT_EQ(lab.host.config().gateway, ip(0x0a0000fe));
}

// However far IPv4 has come: an offer whose lease never comes is no address.
TEST(Dhcp, ADeviceOfBothFamiliesGivesIpv4TwelveSeconds) {
  const DevicePlan plan{.name = "SEP001122334455",
                        .model = "7941",
                        .host = {.mac = kMac},
                        .is_dual = true,
                        .resolve = [](const std::string&) { return std::vector<IpAddress>(); },
                        .transaction = kTransaction};
  const Reply offer(DhcpType::kOffer);
  const std::string frame =
      test::Packet()
          .from(0x0a000001, kDhcpServerPort)
          .from_mac(test::kServerMac)
          .to_mac(wire::kBroadcastMac)
          .to_address(0xffffffff)
          .to_port(kDhcpClientPort)
          .payload({reinterpret_cast<const char*>(offer.bytes().data()), offer.bytes().size()})
          .bytes();
  for (const bool is_offered : {false, true}) {
    Device device(plan, 0);
    if (is_offered) {
      device.on_frame(std::as_bytes(std::span(frame)), 0);
    }
    EXPECT_EQ(device.dhcp()->packets(), is_offered ? 3u : 1u);
    Micros now = 0;
    while (device.dhcp6() == nullptr && now < 60 * kSecond) {
      now = device.deadline();
      device.on_time(now);
    }
    EXPECT_EQ(now, 12 * kSecond) << is_offered;
  }
}

TEST(Dhcp, AnswersForOthersAreNotTaken) {
  Lab lab;
  lab.answer(Reply(DhcpType::kOffer).put(4, "\x09\x09\x09\x09"));
  lab.answer(Reply(DhcpType::kOffer).put(28, "\x09"));
  lab.answer(Reply(DhcpType::kAck));  // which nobody asked for
  EXPECT_EQ(lab.client.packets(), 1u);
}

TEST(DhcpMessage, OfOptions66And150TheOrderIsKept) {
  const auto first =
      parse_dhcp(Reply(DhcpType::kAck).option(150, {10, 0, 0, 4}).option(66, "10.0.0.5").bytes());
  EXPECT_TRUE(first->offer.option66_comes_last);
  const auto last =
      parse_dhcp(Reply(DhcpType::kAck).option(66, "10.0.0.5").option(150, {10, 0, 0, 4}).bytes());
  EXPECT_FALSE(last->offer.option66_comes_last);
}

TEST(DhcpMessage, SiaddrAndSnameOfTheHeader) {
  const auto reply =
      parse_dhcp(Reply(DhcpType::kAck).put(20, {10, 0, 0, 7}).put(44, "tftp.example").bytes());
  EXPECT_EQ(reply->offer.siaddr, ip(0x0a000007));
  EXPECT_EQ(reply->offer.sname, "tftp.example");
  EXPECT_FALSE(parse_dhcp(Reply(DhcpType::kAck).bytes())->offer.siaddr);
}

TEST(DhcpMessage, Rfc2132Section93OptionsInSnameReplaceIt) {
  const auto reply = parse_dhcp(
      Reply(DhcpType::kAck).option(52, std::string(1, '\2')).put(44, "\x42\x04tftp\xff").bytes());
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->offer.sname, "");
  EXPECT_EQ(reply->offer.option66, "tftp");
}

TEST(DhcpMessage, ABrokenOneIsNone) {
  EXPECT_FALSE(parse_dhcp({}));
  EXPECT_FALSE(parse_dhcp(Reply(DhcpType::kAck).put(0, "\1").bytes()));
  EXPECT_FALSE(parse_dhcp(Reply(DhcpType::kAck).put(236, "x").bytes()));
  const Reply whole = Reply(DhcpType::kAck).option(66, "tftp.example");
  EXPECT_TRUE(parse_dhcp(whole.bytes()));
  EXPECT_FALSE(parse_dhcp(whole.bytes().first(whole.bytes().size() - 1)));
}

}  // namespace
}  // namespace dialtone::emu
