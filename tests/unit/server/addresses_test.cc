// SPDX-License-Identifier: Apache-2.0
//
// Several addresses: how they are made known, what happens when another host has one, and which of
// them a transfer belongs to.
#include "dataplane/server/announcer.h"
#include "dataplane/wire/arp.h"
#include "dataplane/wire/neighbour.h"
#include "tests/unit/server/harness.h"

#include <array>
#include <thread>

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

// The address that a probe or an announcement is about: the target of both, at one place.
bool is_about(const std::string& frame, const IpAddress& address) {
  wire::NeighbourMessage message{};
  message.target.set(address);
  return frame.size() >= 78 &&
         frame.substr(62, 16) ==
             std::string_view(reinterpret_cast<const char*>(&message.target), 16);
}

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
  static bool is_probe_of(const std::string& frame, const IpAddress& address) {
    return is_about(frame, address) && kind_of(frame) == "probe v6";
  }
  static bool is_announcement_of(const std::string& frame, const IpAddress& address) {
    return is_about(frame, address) && kind_of(frame) == "announce v6";
  }
  static std::ptrdiff_t count_of(const std::vector<std::string>& kinds, const std::string& kind) {
    return std::count(kinds.begin(), kinds.end(), kind);
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

TEST_F(Addresses, OneThatAnotherHostHasIsNotUsedRfc4862Section54) {
  announced();
  EXPECT_FALSE(server.send(claim_v6(kServerAddress6)));
  EXPECT_EQ(server.count(Counter::kAddressConflicts), 1U);
  EXPECT_EQ(server.addresses().state(2), AddressState::kDuplicate);
  EXPECT_EQ(server.addresses().claim(2), (Claim{kPhoneMac, 1}));
  server.send(claim_v6(kServerAddress6));
  EXPECT_EQ(server.addresses().claim(2), (Claim{kPhoneMac, 2})) << "it goes on to say so";
  server.now += 4 * kTicksPerSecond;
  announced();
  EXPECT_FALSE(server.send(Packet().from_v6().rrq("a")));
}

TEST_F(Addresses, OneThatIsLostIsAskedForLessAndLessOftenRfc4862Section545) {
  std::vector<Ticks> probes;
  for (const Ticks begin = server.now; server.now < begin + 2000 * kTicksPerSecond;
       server.now += kTicksPerSecond / 2) {
    for (const std::string& frame : server.run_timers()) {
      if (is_probe_of(frame, kServerAddress6)) {
        probes.push_back((server.now - begin) / (kTicksPerSecond / 2));
        server.send(claim_v6(kServerAddress6));
      }
      EXPECT_FALSE(is_announcement_of(frame, kServerAddress6));
    }
  }
  // Half seconds: the second that a probe takes, and 5 s, 10 s and so on with up to a quarter more.
  EXPECT_GE(probes.size(), 12U);
  EXPECT_LE(probes.size(), 14U);
  Ticks wait = 10;
  for (std::size_t i = 1; i < probes.size(); ++i) {
    EXPECT_GE(probes[i] - probes[i - 1], 2 + wait) << i;
    EXPECT_LE(probes[i] - probes[i - 1], 3 + wait + wait / 4) << i;
    wait = std::min<Ticks>(wait * 2, 480);
  }
  EXPECT_EQ(server.addresses().state(2), AddressState::kDuplicate);
}

TEST_F(Addresses, OneThatIsLostIsServedOnceTheOtherHostHasGone) {
  announced();
  server.send(claim_v6(kServerAddress6));
  server.now += kTicksPerSecond;
  announced();
  server.now += 8 * kTicksPerSecond;
  EXPECT_EQ(count_of(announced(), "probe v6"), 1);
  EXPECT_FALSE(server.send(Packet().from_v6().rrq("a"))) << "tentative again";
  server.now += kTicksPerSecond;
  EXPECT_EQ(count_of(announced(), "announce v6"), 1);
  EXPECT_EQ(server.ask(Packet().from_v6().rrq("a")).body, "hello");
  server.now += 2 * kTicksPerSecond;
  EXPECT_EQ(count_of(announced(), "announce v6"), 1);
}

TEST_F(Addresses, OneThatAnotherWorkerSawClaimedIsLostAndTakenUpAgain) {
  Server other({.shared = &server.addresses(), .worker = 1, .workers = 2, .worker_bits = 1});
  announced();
  other.send(claim_v6(kServerAddress6));
  server.now += kTicksPerSecond;
  EXPECT_EQ(announced(), std::vector<std::string>{"announce v6"}) << "the link-local one";
  EXPECT_EQ(server.addresses().state(2), AddressState::kDuplicate);
  EXPECT_FALSE(server.send(Packet().from_v6().rrq("a")));
  server.now += 8 * kTicksPerSecond;
  EXPECT_EQ(count_of(announced(), "probe v6"), 1);
  other.send(claim_v6(kServerAddress6));
  EXPECT_EQ(server.addresses().state(2), AddressState::kDuplicate) << "that host is still there";
  server.now += kTicksPerSecond;
  announced();
  server.now += 13 * kTicksPerSecond;
  EXPECT_EQ(count_of(announced(), "probe v6"), 1);
  server.now += kTicksPerSecond;
  announced();
  EXPECT_EQ(server.ask(Packet().from_v6().rrq("a")).body, "hello");
}

TEST(Announcer, TakesNoAddressThatIsLostBetweenCountAndFrame) {
  OurAddresses ours(std::vector{kServerAddress6}, kServerMac);
  const HeaderWriter headers(kServerMac, ours, {});
  Announcer announcer(ours, headers, true, 99);
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

// Two appliances with one address, started in the same moment: both lose it, and one gets it then.
TEST(Announcer, OneOfTwoThatLoseAnAddressToEachOtherTakesItUp) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    OurAddresses ours[] = {{std::vector{kServerAddress6}, kServerMac},
                           {std::vector{kServerAddress6}, kServerMac}};
    const HeaderWriter headers(kServerMac, ours[0], {});
    Announcer announcers[] = {{ours[0], headers, true, seed}, {ours[1], headers, true, seed + 99}};
    std::array<char, 256> buffer;
    for (Micros now = 1; now < 1'000'000'000; now += 100'000) {
      std::array<bool, 2> says{};
      for (std::size_t i = 0; i < 2; ++i) {
        Frame frame{reinterpret_cast<std::byte*>(buffer.data()), 0, 256};
        while (announcers[i].due(now) != 0 && announcers[i].write(frame, now)) {
          says[i] |= is_about({buffer.data(), frame.length}, kServerAddress6);
        }
      }
      for (std::size_t i = 0; i < 2; ++i) {
        if (says[i]) {  // a probe, which who has the address answers, or an announcement
          const std::size_t loser = ours[1 - i].is_usable(0) ? i : 1 - i;
          announcers[loser].on_conflict(0, now);
        }
      }
    }
    EXPECT_NE(ours[0].is_usable(0), ours[1].is_usable(0)) << seed;
  }
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
  EXPECT_EQ(server.ask(Packet().rrq("a")).body, "hello");
}

TEST_F(Addresses, OneIsDefendedByTheWorkerThatSeesTheClaimOnceForAllRfc5227Section24) {
  Server other({.shared = &server.addresses(), .worker = 1, .workers = 2, .worker_bits = 1});
  for (int second = 0; second < 4; ++second) {
    announced();
    server.now += kTicksPerSecond;
  }
  other.now = server.now;
  const std::string claim = test::arp_request(kServerAddress + 1, kServerAddress);
  other.send(claim);
  server.send(claim);
  ASSERT_EQ(other.run_timers().size(), 1U);
  EXPECT_TRUE(announced().empty()) << "within ten seconds";
  other.now = server.now += 10 * kTicksPerSecond;
  server.send(claim);
  other.send(claim);
  EXPECT_EQ(announced(), std::vector<std::string>{"announce v4"});
  EXPECT_TRUE(other.run_timers().empty());
  other.now = server.now += 10 * kTicksPerSecond;
  other.send(claim_v6(kServerAddress6));
  const auto defence = other.run_timers();
  ASSERT_EQ(defence.size(), 1U);
  EXPECT_EQ(kind_of(defence[0]), "announce v6");
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

// Who is behind only looks, and so catches up: the two meet again and again.
TEST(OurAddresses, OneOfTwoWorkersDefendsInAnInterval) {
  constexpr Micros kClaims = 500'000;
  constexpr Micros kInterval = OurAddresses::kDefendInterval;
  const std::array addresses = {IpAddress::from_v4(kServerAddress)};
  OurAddresses ours(addresses, test::kServerMac);
  const auto count_defended = [&ours] {
    std::uint64_t defended = 0;
    for (Micros claim = 1; claim <= kClaims; ++claim) {
      defended += ours.may_defend(0, claim * 2 * kInterval) ? 1 : 0;
    }
    return defended;
  };
  std::uint64_t other = 0;
  std::thread worker([&] { other = count_defended(); });
  const std::uint64_t own = count_defended();
  worker.join();
  EXPECT_EQ(own + other, kClaims);
}

}  // namespace
}  // namespace dialtone::server
