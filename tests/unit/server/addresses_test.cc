// SPDX-License-Identifier: Apache-2.0
//
// Several addresses: how they are made known, what happens when another host has one, and which of
// them a transfer belongs to.
#include "dataplane/server/announcer.h"
#include "dataplane/wire/arp.h"
#include "dataplane/wire/neighbour.h"
#include "tests/unit/server/harness.h"

namespace dialtone::server {
namespace {

using test::kPhoneMac;
using test::kServerAddress;
using test::kServerAddress6;
using test::kServerMac;
using test::kTicksPerSecond;
using test::Packet;
using test::ReplyView;
using test::Server;
using test::ServerTest;

constexpr std::uint32_t kSecond = kServerAddress + 7;

class Addresses : public ServerTest {
 protected:
  Addresses()
      : ServerTest({.addresses = {IpAddress::from_v4(kServerAddress), IpAddress::from_v4(kSecond),
                                  kServerAddress6},
                    .announces = true}) {}

  // What a frame announces or probes, in short.
  static std::string kind_of(const std::string& frame) {
    if (frame.substr(12, 2) == std::string("\x08\x06", 2)) {
      wire::ArpPacket arp;
      std::memcpy(&arp, frame.data() + 14, sizeof(arp));
      return arp.sender_address.host() == arp.target_address.host() ? "announce v4" : "other arp";
    }
    const bool probe = frame[54] == '\x87' && frame.substr(22, 16) == std::string(16, '\0');
    return probe ? "probe v6" : frame[54] == '\x88' ? "announce v6" : "other";
  }
  std::vector<std::string> announced() {
    std::vector<std::string> kinds;
    for (const std::string& frame : server.run_timers()) {
      if (kind_of(frame) != "other") {  // copies of a transfer
        kinds.push_back(kind_of(frame));
      }
    }
    return kinds;
  }
  std::string claim_v6(const IpAddress& address) {
    wire::NeighbourMessage message{};
    message.type = wire::kNeighbourAdvertisement;
    message.target.set(address);
    return test::icmpv6_frame({{0x33, 0x33, 0, 0, 0, 1}}, address, wire::kAllNodes, 255,
                              {reinterpret_cast<const char*>(&message), sizeof(message)});
  }
};

TEST_F(Addresses, AreAnnouncedAndV6IsProbedFirstRfc4862) {
  EXPECT_EQ(announced(),
            (std::vector<std::string>{"announce v4", "announce v4", "probe v6", "probe v6"}));
  EXPECT_EQ(server.ask(Packet().rrq("a")).body, "hello") << "IPv4 serves at once";
  EXPECT_FALSE(server.send(Packet().from_v6().rrq("a"))) << "tentative";
  server.now += kTicksPerSecond;
  EXPECT_EQ(announced(), (std::vector<std::string>{"announce v6", "announce v6"}));
  EXPECT_EQ(server.ask(Packet().from_v6().rrq("a")).body, "hello");
  server.now += kTicksPerSecond;
  EXPECT_EQ(announced(), (std::vector<std::string>{"announce v4", "announce v4"}));
  server.now += kTicksPerSecond;
  EXPECT_EQ(announced(), (std::vector<std::string>{"announce v6", "announce v6"}));
  server.now += 1000 * kTicksPerSecond;
  EXPECT_TRUE(announced().empty());
}

TEST_F(Addresses, OneThatAnotherHostHasIsNeverUsedRfc4862Section54) {
  announced();
  EXPECT_FALSE(server.send(claim_v6(kServerAddress6)));
  EXPECT_EQ(server.count(Counter::kAddressConflicts), 1U);
  EXPECT_EQ(server.addresses().state(2), AddressState::kDuplicate);
  EXPECT_EQ(server.addresses().claim(2), (Claim{kPhoneMac, 1}));
  EXPECT_EQ(server.count(Counter::kAddressesLost), 1U);
  server.send(claim_v6(kServerAddress6));
  EXPECT_EQ(server.addresses().claim(2), (Claim{kPhoneMac, 2})) << "it goes on to say so";
  EXPECT_EQ(server.count(Counter::kAddressesLost), 1U) << "lost once";
  server.now += 10 * kTicksPerSecond;
  announced();
  EXPECT_FALSE(server.send(Packet().from_v6().rrq("a")));
}

TEST_F(Addresses, OneThatAnotherWorkerSawClaimedIsNeverUsedRfc4862Section54) {
  Server other({.shared = &server.addresses(), .worker = 1, .workers = 2, .worker_bits = 1});
  announced();
  other.send(claim_v6(kServerAddress6));
  EXPECT_EQ(other.count(Counter::kAddressesLost), 1U);
  server.now += kTicksPerSecond;
  EXPECT_EQ(announced(), std::vector<std::string>{"announce v6"}) << "the link-local one";
  EXPECT_EQ(server.addresses().state(2), AddressState::kDuplicate);
  EXPECT_FALSE(server.send(Packet().from_v6().rrq("a")));
  server.now += 10 * kTicksPerSecond;
  announced();
  EXPECT_EQ(server.addresses().state(2), AddressState::kDuplicate);
}

TEST(Announcer, TakesNoAddressThatIsLostBetweenCountAndFrame) {
  OurAddresses ours(std::vector{kServerAddress6}, kServerMac);
  const HeaderWriter headers(kServerMac, ours, {});
  Announcer announcer(ours, headers, true);
  std::array<std::byte, 256> buffer;
  Frame frame{.data = buffer.data(), .length = 0, .capacity = 256};
  ASSERT_EQ(announcer.due(1), 2U);
  EXPECT_TRUE(announcer.write(frame, 1));
  EXPECT_TRUE(announcer.write(frame, 1));
  ASSERT_EQ(announcer.due(2'000'000), 2U);
  EXPECT_TRUE(ours.lose(0)) << "another worker has seen a claim";
  EXPECT_TRUE(announcer.write(frame, 2'000'000)) << "the link-local one";
  EXPECT_FALSE(announcer.write(frame, 2'000'000));
  EXPECT_EQ(ours.state(0), AddressState::kDuplicate);
  EXPECT_EQ(announcer.due(2'000'000), 0U);
}

TEST_F(Addresses, TwoThatProbeAtOnceBothGiveUpRfc4862Section543) {
  announced();
  wire::NeighbourMessage message{};
  message.type = wire::kNeighbourSolicitation;
  message.target.set(kServerAddress6);
  const IpAddress group = wire::solicited_node(kServerAddress6);
  server.send(test::icmpv6_frame(wire::multicast_mac(group), {}, group, 255,
                                 {reinterpret_cast<const char*>(&message), sizeof(message)}));
  EXPECT_EQ(server.addresses().state(2), AddressState::kDuplicate);
}

TEST_F(Addresses, OneInUseIsDefendedOnceInTenSecondsRfc5227Section24) {
  announced();
  server.now += 100 * kTicksPerSecond;
  announced();
  announced();
  server.now += 100 * kTicksPerSecond;
  announced();
  const std::string claim = test::arp_request(kServerAddress + 1, kServerAddress);
  EXPECT_FALSE(server.send(claim));
  EXPECT_FALSE(server.send(claim));
  EXPECT_EQ(announced(), std::vector<std::string>{"announce v4"});
  EXPECT_FALSE(server.send(claim));
  EXPECT_TRUE(announced().empty());
  server.now += 10 * kTicksPerSecond;
  EXPECT_FALSE(server.send(claim));
  EXPECT_EQ(announced(), std::vector<std::string>{"announce v4"});
  EXPECT_EQ(server.count(Counter::kAddressConflicts), 4U);
  EXPECT_EQ(server.addresses().claim(0), (Claim{kPhoneMac, 4}));
  EXPECT_EQ(server.count(Counter::kAddressesLost), 0U) << "it is served on";
  EXPECT_EQ(server.ask(Packet().rrq("a")).body, "hello");
}

TEST_F(Addresses, AnswersComeFromTheOneThatWasAsked) {
  const ReplyView first = server.ask(Packet().to_address(kSecond).rrq("two"));
  EXPECT_EQ(first.source, IpAddress::from_v4(kSecond));
  EXPECT_EQ(first.fault, "");
  // The same client may ask the other one meanwhile.
  EXPECT_EQ(server.ask(Packet().rrq("two")).source, IpAddress::from_v4(kServerAddress));
  EXPECT_EQ(server.sessions(), 2U);
  EXPECT_EQ(server.ask(Packet().to_address(kSecond).to_port(first.source_port).ack(1)).number, 2);
  const auto arp = server.send(test::arp_request(kSecond));
  EXPECT_TRUE(arp);
}

class Unreachable : public ServerTest {
 protected:
  // ICMP type 3 code 3 with the beginning of a packet of ours.
  static std::string icmp(const std::string& reply, std::string_view type = {"\3\3", 2}) {
    std::string message = std::string(type) + std::string(6, '\0') + reply.substr(14, 28);
    const auto sum = static_cast<std::uint16_t>(~test::plain_sum(message));
    message[2] = static_cast<char>(sum >> 8);
    message[3] = static_cast<char>(sum);
    return test::ip_frame(wire::kProtocolIcmp, message);
  }
};

TEST_F(Unreachable, APortThatIsGoneEndsItsTransferT78) {
  const std::string data = *server.send(Packet().rrq("two"));
  EXPECT_FALSE(server.send(icmp(data)));
  EXPECT_EQ(server.sessions(), 0U);
  EXPECT_EQ(server.count(Counter::kTransfersUnreachable), 1U);
}

TEST_F(Unreachable, AForgedOneDoesNotT78) {
  const std::string data = *server.send(Packet().rrq("two"));
  for (const std::size_t byte : {34U, 35U, 36U, 37U, 29U, 33U}) {  // both ports, both addresses
    std::string forged = data;
    forged[byte] = static_cast<char>(forged[byte] ^ 1);
    EXPECT_FALSE(server.send(icmp(forged))) << byte;
  }
  EXPECT_FALSE(server.send(icmp(data, {"\3\1", 2}))) << "host unreachable may pass";
  EXPECT_FALSE(server.send(icmp(data.substr(0, 36)))) << "too little of it";
  EXPECT_EQ(server.sessions(), 1U);
}

TEST_F(Unreachable, OverIpv6Too) {
  Server both({.addresses = {kServerAddress6}});
  both.publish(&image.live());
  both.addresses().set_state(0, AddressState::kUsable);
  const std::string data = *both.send(Packet().from_v6().rrq("two"));
  const std::string message = std::string("\1\4\0\0\0\0\0\0", 8) + data.substr(14, 100);
  EXPECT_FALSE(both.send(
      test::icmpv6_frame(kServerMac, test::kPhoneAddress6, kServerAddress6, 64, message)));
  EXPECT_EQ(both.sessions(), 0U);
  EXPECT_EQ(both.count(Counter::kTransfersUnreachable), 1U);
}

}  // namespace
}  // namespace dialtone::server
