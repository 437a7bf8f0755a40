// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/hold/held_client.h"

#include "bench/emu/host/numbered_mac.h"
#include "dataplane/wire/arp.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace dialtone::emu {
namespace {

constexpr wire::MacAddress kServerMac{{0x02, 0, 0, 0, 0, 9}};
const IpAddress kServer = IpAddress::from_v4(0x0a4d0001);
const IpAddress kOurs = IpAddress::from_v4(0x0a4d4001);

// The server is this test; time is virtual.
class Lab {
 public:
  Lab() {
    client.begin(now);
    // It asks for the server's MAC first.
    const auto asked = parse_frame(client.host().outbox.front());
    wire::ArpPacket arp = *wire::parse_arp(asked->payload);
    client.host().outbox.clear();
    wire::make_arp_reply(arp, kServerMac);
    std::array<std::byte, 64> frame{};
    const std::size_t length =
        write_ethernet({kServerMac, client.host().config().mac, {}}, wire::kEtherTypeArp,
                       std::as_bytes(std::span(&arp, 1)), frame);
    client.on_frame(std::span(frame).first(length), now);
  }

  // Payloads that it has sent since.
  std::string sent() {
    std::string all;
    for (const Host::Frame& frame : client.host().outbox) {
      const auto received = parse_frame(frame);
      if (const auto datagram = received ? parse_udp(*received) : std::nullopt) {
        all.append(reinterpret_cast<const char*>(datagram->payload.data()),
                   datagram->payload.size());
        port = datagram->from_port;
      }
    }
    client.host().outbox.clear();
    return all;
  }

  void answer(const std::string& payload) {
    std::array<std::byte, 2048> frame{};
    const std::size_t length =
        write_udp({kServerMac, client.host().config().mac, {}, kServer, kOurs, 3000, port},
                  std::as_bytes(std::span(payload)), frame);
    client.on_frame(std::span(frame).first(length), now);
  }

  Micros now = 1'000'000;
  std::uint16_t port = 0;
  HeldClient client{{.mac = {{2, 0, 0, 0, 0, 1}}, .address = kOurs}, kServer, "RINGLIST.XML"};
};

TEST(HeldClient, AcknowledgesOptionsAndNoBlock) {
  Lab lab;
  EXPECT_NE(lab.sent().find("RINGLIST.XML"), std::string::npos);
  lab.answer(
      std::string("\0\6blksize\0"
                  "8\0",
                  12));
  EXPECT_EQ(lab.sent(), std::string("\0\4\0\0", 4));
  lab.answer(std::string("\0\3\0\1", 4) + "12345678");
  EXPECT_EQ(lab.client.state(), HoldState::kData);
  EXPECT_EQ(lab.sent(), "");
  lab.client.on_time(lab.now + 60'000'000);
  EXPECT_EQ(lab.sent(), "");
  lab.client.let_go(lab.now);
  EXPECT_EQ(lab.sent().substr(0, 4), std::string("\0\5\0\0", 4));
}

TEST(HeldClient, SaysWhatItGotInstead) {
  const std::pair<std::string, HoldState> answers[] = {
      {std::string("\0\5\0\0Process Allocation Exceeded\0", 32), HoldState::kBusy},
      {std::string("\0\5\0\3Disk Full\0", 14), HoldState::kBusy},
      {std::string("\0\5\0\1File not found\0", 19), HoldState::kNotFound},
      {std::string("\0\5\0\2no\0", 7), HoldState::kError}};
  for (const auto& [answer, state] : answers) {
    Lab lab;
    (void)lab.sent();
    lab.answer(answer);
    EXPECT_EQ(lab.client.state(), state) << hold_state_name(lab.client.state());
  }
}

TEST(NumberedMac, TellsItsNumberWithinItsGroup) {
  const wire::MacAddress mac = numbered_mac(MacGroup::kHeld, 0xfedc0123);
  EXPECT_EQ(mac, (wire::MacAddress{{0x02, 0x61, 0xfe, 0xdc, 0x01, 0x23}}));
  EXPECT_FALSE(mac.is_group());
  EXPECT_EQ(number_of(MacGroup::kHeld, mac), 0xfedc0123u);
  EXPECT_EQ(number_of(MacGroup::kReplayed, mac), std::nullopt);
}

TEST(HeldClient, GivesUpAfterFiveRequests) {
  Lab lab;
  for (int i = 0; i < 6 && lab.client.state() == HoldState::kAsking; ++i) {
    lab.now += 4'000'001;
    lab.client.on_time(lab.now);
  }
  EXPECT_EQ(lab.client.state(), HoldState::kSilent);
}

}  // namespace
}  // namespace dialtone::emu
