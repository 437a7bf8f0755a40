// SPDX-License-Identifier: Apache-2.0
//
// Floods of requests with forged addresses: what the victims get, and what the phones get.
#include "control/image/policy.h"
#include "dataplane/server/admission.h"
#include "tests/unit/server/admitted.h"

namespace dialtone::server {
namespace {

using test::kPhoneAddress;
using test::kPhoneFile;
using test::kTicksPerSecond;
using test::Packet;
using test::ReplyView;
using test::Server;
using test::TestImage;

class ForgedFlood : public testing::Test {
 protected:
  ForgedFlood() : server({.max_sessions = 4096}) {
    image.policy() = image_build::default_policy();
    image.policy().unproven_bytes = 256 << 10;  // an attack that takes few requests
    image.add(kPhoneFile, test::pattern(9000)).add("f1.conf", test::pattern(9000)).build();
    server.publish(&image.live());
  }

  struct Bytes {
    std::uint64_t in = 0;
    std::uint64_t out = 0;
    double ratio() const { return static_cast<double>(out) / static_cast<double>(in); }
  };

  static bool is_to_victim(const ReplyView& reply) {
    return reply.destination.v4() >> 24 == kForged >> 24;
  }
  void count_out(const std::string& frame) {
    if (const ReplyView reply = test::parse_reply(frame); is_to_victim(reply)) {
      bytes.out += reply.packet.size();
    }
  }

  // Requests from as many addresses, each a /24 of its own unless `spread` says otherwise, 10,000 a
  // second. Copies by the timers count as well.
  void flood(std::uint32_t requests, std::string_view name = "f1.conf",
             std::string_view options = {}) {
    bytes = {};
    std::vector<std::string> burst;
    for (std::uint32_t i = 0; i < requests; ++i) {
      const std::uint32_t address = kForged + (next_++ * 257 & 0xffffff);
      burst.push_back(Packet().from(address, 4000).rrq(name, "octet", options).bytes());
      bytes.in += 2 + name.size() + 1 + 6 + options.size();
      if (burst.size() == kMaxBurst) {
        for (const auto& reply : server.send_burst(burst)) {
          if (reply) {
            count_out(*reply);
          }
        }
        burst.clear();
        server.now += kMaxBurst * kTicksPerSecond / 10'000;
        for (const std::string& copy : server.run_timers()) {
          count_out(copy);
        }
      }
    }
  }

  // A whole transfer; true when every block came at once.
  bool fetch(std::uint32_t address, std::uint16_t port = 1000) {
    ReplyView reply = server.ask(Packet().from(address, port).rrq(kPhoneFile));
    for (std::uint16_t block = 1; reply.fault.empty() && reply.number == block; ++block) {
      const Packet ack = Packet().from(address, port).to_port(reply.source_port).ack(block);
      if (reply.body.size() < 512) {
        server.send(ack);
        return true;
      }
      reply = server.ask(ack);
    }
    return false;
  }

  static constexpr std::uint32_t kForged = 0x0b000000;
  TestImage image;
  Server server;
  Bytes bytes;

 private:
  std::uint32_t next_ = 0;
};

TEST_F(ForgedFlood, AVictimGetsAtMost33TimesByDefaultT68) {
  // The request that other servers answer with 33 to 226 times its 16 bytes.
  flood(kMaxBurst);
  ASSERT_TRUE(server.count(Counter::kRequestsProcessed) == kMaxBurst);
  for (int i = 0; i < 400; ++i) {
    server.now += kTicksPerSecond / 20;
    for (const std::string& copy : server.run_timers()) {
      count_out(copy);
    }
  }
  EXPECT_LE(bytes.ratio(), 33);
  EXPECT_EQ(server.sessions(), 0U);
}

TEST_F(ForgedFlood, ForgedSourcesGetAtMostFourTimesUnderAttackS17T24) {
  ASSERT_TRUE(fetch(kPhoneAddress));
  const std::size_t memory =
      Admission({.max_sessions = 4096}, tftp::SessionQueues(nullptr)).memory_bytes();
  flood(5000);  // uses up what may be under way by default
  flood(100'000);
  EXPECT_LE(bytes.ratio(), 4);
  EXPECT_GT(server.count(DropReason::kUnprovenBytes), 50'000U);
  EXPECT_LE(server.sessions(), 2048U);
  // Phones: one that has answered before, and one that is new among such.
  EXPECT_TRUE(fetch(kPhoneAddress));
  EXPECT_TRUE(fetch(kPhoneAddress, 1001));
  EXPECT_TRUE(fetch(kPhoneAddress + 1));
  EXPECT_LE(memory, std::size_t{4096} * (2 * 16 * 5 / 4) + 8192 * 64);
  // A new one where nobody has answered waits for the end of the attack.
  EXPECT_FALSE(fetch(kPhoneAddress + 0x10000));
  server.now += 4 * kTicksPerSecond;
  server.run_timers();
  EXPECT_TRUE(fetch(kPhoneAddress + 0x10000));
}

TEST_F(ForgedFlood, RequestsUnderAttackAreCountedAsLongAsItGoesOn) {
  flood(kMaxBurst);
  EXPECT_EQ(server.count(Counter::kRequestsUnderAttack), 0U) << "not yet";
  flood(100'000);
  const std::uint64_t under_attack = server.count(Counter::kRequestsUnderAttack);
  EXPECT_GT(under_attack, 50'000U);
  server.now += 4 * kTicksPerSecond;
  server.run_timers();
  EXPECT_TRUE(fetch(kPhoneAddress));
  EXPECT_EQ(server.count(Counter::kRequestsUnderAttack), under_attack) << "it is over";
}

TEST_F(ForgedFlood, ForgedNeighboursOfPhonesAreInThoseFourTimesToo) {
  // Somebody has answered in each /24 that is forged below.
  for (std::uint32_t i = 0; i < 64; ++i) {
    ASSERT_TRUE(fetch(kForged + (i << 8) + 1));
  }
  flood(5000);
  bytes = {};
  for (std::uint32_t i = 0; i < 50'000; ++i) {
    const std::uint32_t address = kForged + ((i % 64) << 8) + 2 + i / 64 % 250;
    const auto reply = server.send(Packet().from(address, 4000).rrq("f1.conf"));
    bytes.in += 16;
    if (reply) {
      count_out(*reply);
    }
    if (i % 32 == 0) {
      server.now += 32 * kTicksPerSecond / 10'000;
      for (const std::string& copy : server.run_timers()) {
        count_out(copy);
      }
    }
  }
  EXPECT_LE(bytes.ratio(), 4);
  EXPECT_GT(bytes.ratio(), 0.5) << "nothing was lent to the neighbours";
}

TEST_F(ForgedFlood, WhoAsksForOptionsIsAnsweredUnderAttackT69) {
  flood(10'000);
  const ReplyView reply =
      server.ask(Packet()
                     .from(kPhoneAddress, 1000)
                     .rrq(kPhoneFile, "octet", std::string_view("blksize\0001428\0", 13)));
  EXPECT_EQ(reply.fault, "");
  EXPECT_EQ(reply.opcode, 6);
}

TEST_F(ForgedFlood, OptionsGiveAForgerNothing) {
  flood(5000);
  flood(50'000, "f1.conf", std::string_view("tsize\0000\0", 8));
  EXPECT_LE(bytes.ratio(), 4);
  // A value that no server grants: the answer is DATA 1, whatever was asked for.
  flood(50'000, "f1.conf", std::string_view("blksize\0001\0", 10));
  EXPECT_LE(bytes.ratio(), 4);
}

TEST_F(ForgedFlood, ABootOfPhonesIsNoAttack) {
  // 2,000 new phones within 0.4 s, four times what may be unacknowledged; each answers.
  for (std::uint32_t i = 0; i < 2'000; ++i) {
    ASSERT_TRUE(fetch(0x0a800000 + i)) << i;
    server.now += kTicksPerSecond / 5'000;
  }
  EXPECT_EQ(server.count(DropReason::kUnprovenBytes), 0U);
  EXPECT_EQ(server.count(Counter::kSourcesProven), 2'000U);
}

}  // namespace
}  // namespace dialtone::server
