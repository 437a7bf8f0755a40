// SPDX-License-Identifier: Apache-2.0
//
// A flood of forged requests reaches a server that nobody has answered yet: which new phones come
// up meanwhile, and what a forger gets who repeats his requests as they do. Virtual time.
#include "control/image/policy.h"
#include "tests/unit/server/harness.h"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace dialtone::server {
namespace {

using test::kPhoneAddress;
using test::kTicksPerSecond;
using test::Packet;
using test::ReplyView;
using test::Server;
using test::TestImage;

constexpr std::string_view kFile = "sep001122334455.cnf.xml";
constexpr std::size_t kRequest = 2 + kFile.size() + 1 + 6;
constexpr std::uint32_t kForged = 0x0b000000;

// Without options. It repeats its request each 4 s, five times from a port, from three ports.
struct NewPhone {
  std::uint32_t address = 0;
  Ticks next = 0;
  int tries = 0;
  bool is_up = false;

  // True when the file is there.
  bool ask(Server& server) {
    const auto port = static_cast<std::uint16_t>(49152 + tries++ / 5);
    next += 4 * kTicksPerSecond;
    ReplyView reply = server.ask(Packet().from(address, port).rrq(kFile));
    for (std::uint16_t block = 1; reply.fault.empty() && reply.number == block; ++block) {
      const Packet ack = Packet().from(address, port).to_port(reply.source_port).ack(block);
      is_up = reply.body.size() < 512;
      if (is_up) {
        server.send(ack);
        return true;
      }
      reply = server.ask(ack);
    }
    return false;
  }
};

class NewPhonesUnderAttack : public testing::Test {
 protected:
  NewPhonesUnderAttack() { image.policy() = image_build::default_policy(); }

  void serve(std::uint32_t max_sessions = 65'536) {
    image.add(kFile, test::pattern(13 * 512 - 100)).build();
    server.emplace(Server::Options{.max_sessions = max_sessions});
    server->publish(&image.live());
  }

  // So many requests a second, from what `source` says, while `phones` ask, each in a subnet of its
  // own.
  void flood(double seconds, std::uint32_t rate,
             const std::function<std::uint32_t(std::uint32_t)>& source) {
    const Ticks begin = server->now;
    std::vector<std::string> burst;
    for (std::uint32_t i = 0; i < seconds * rate; ++i) {
      server->now = begin + std::uint64_t{i} * kTicksPerSecond / rate;
      burst.push_back(Packet().from(source(asked_++), 4000).rrq(kFile, "octet", options).bytes());
      if (burst.size() < kMaxBurst) {
        continue;
      }
      in += (kRequest + options.size()) * burst.size();
      for (const std::string& copy : server->run_timers()) {
        count_out(copy);
      }
      // Phones come between two of them: who asks behind the timers finds what these have freed.
      const auto middle = burst.begin() + static_cast<std::ptrdiff_t>(random_() % burst.size());
      send({burst.begin(), middle});
      for (NewPhone& phone : phones) {
        if (!phone.is_up && phone.tries < 15 && phone.next <= server->now) {
          in += kRequest;
          phone.ask(*server);
          out += phone.is_up ? 516 : 0;
        }
      }
      send({middle, burst.end()});
      burst.clear();
      most_sessions = std::max(most_sessions, server->sessions());
    }
  }
  void send(const std::vector<std::string>& frames) {
    for (const auto& reply : server->send_burst(frames)) {
      if (reply) {
        count_out(*reply);
      }
    }
  }
  void count_out(const std::string& frame) {
    const ReplyView reply = test::parse_reply(frame);
    out += reply.packet.size();
    to[reply.destination.v4()] += reply.packet.size();
  }

  void bring_phones(std::uint32_t count, double after) {
    for (std::uint32_t i = 0; i < count; ++i) {
      const auto begin = static_cast<Ticks>((after + 4.0 * i / count) * kTicksPerSecond);
      phones.push_back({kPhoneAddress + (i << 8), server->now + begin});
    }
  }
  std::size_t up(int tries) const {
    return static_cast<std::size_t>(std::count_if(
        phones.begin(), phones.end(),
        [tries](const NewPhone& phone) { return phone.is_up && phone.tries <= tries; }));
  }

  TestImage image;
  std::optional<Server> server;
  std::vector<NewPhone> phones;
  std::map<std::uint32_t, std::uint64_t> to;
  std::string_view options;  // of the forged requests
  std::uint64_t in = 0;
  std::uint64_t out = 0;
  std::size_t most_sessions = 0;

 private:
  std::uint32_t asked_ = 0;
  std::minstd_rand random_{17};
};

std::uint32_t made_up(std::uint32_t i) {
  return kForged + (i * 257 & 0xffffff);
}

TEST_F(NewPhonesUnderAttack, AreServedAtTheirRepeatS17) {
  serve();
  flood(5, 4000, made_up);
  in = out = 0;
  bring_phones(50, 0);
  flood(9, 4000, made_up);
  EXPECT_GT(server->count(DropReason::kUnprovenBytes), 30'000U) << "no attack was seen";
  EXPECT_EQ(up(1), 0U) << "a first request may be a forger's";
  EXPECT_EQ(up(2), 50U);
  EXPECT_LE(out, 4 * in);
}

// 5,000,000 a second at four workers, all of it but the time in a 256th. What is remembered does
// not hold all who ask: a fifth of the phones has luck at each repeat.
TEST_F(NewPhonesUnderAttack, MostComeUpWithinAMinuteOfFiveMillionRequestsASecondS17) {
  constexpr std::uint32_t kWorkers = 4;
  constexpr std::uint32_t kPart = 256;
  constexpr std::uint32_t kRate = 5'000'000 / kWorkers / kPart;
  image.policy() = image_build::default_policy();
  image.policy().unproven_bytes /= kWorkers * kPart;
  serve(65'536 / kPart);
  flood(5, kRate, made_up);
  in = out = 0;
  bring_phones(60, 0);
  flood(64, kRate, made_up);
  EXPECT_GE(up(2), 10U);
  EXPECT_GE(up(5), 30U);
  EXPECT_GE(up(15), 48U);
  EXPECT_LE(out, in / 100) << "made-up addresses do not repeat";
}

// An OACK is no longer than its request, so they need no credit, but sessions.
TEST_F(NewPhonesUnderAttack, AreServedAtTheirRepeatBesideRequestsForOptionsS17) {
  image.policy().unproven_bytes /= 8;
  serve(65'536 / 8);
  options = std::string_view("tsize\0000\0", 8);
  flood(2, 10'000, made_up);
  in = out = 0;
  bring_phones(50, 0);
  flood(9, 10'000, made_up);
  EXPECT_GT(server->count(DropReason::kUnanswered), 70'000U);
  EXPECT_LE(up(1), 10U) << "a first request finds a session by chance";
  EXPECT_EQ(up(2), 50U);
  EXPECT_LE(out, 4 * in);
  EXPECT_LE(most_sessions, 65'536U / 8 * 5 / 8);
}

// He repeats those, each every 2 s, which keeps their sessions.
TEST_F(NewPhonesUnderAttack, AForgerWhoRepeatsRequestsForOptionsLeavesProvenPhonesTheirSessions) {
  image.policy().unproven_bytes /= 8;
  serve(65'536 / 8);
  NewPhone proven{kPhoneAddress, 0};
  ASSERT_TRUE(proven.ask(*server));
  options = std::string_view("tsize\0000\0", 8);
  for (int second = 0; second < 10; ++second) {
    flood(1, 10'000, [](std::uint32_t i) { return made_up(i % 20'000); });
    EXPECT_TRUE(proven.ask(*server)) << second;
  }
  EXPECT_GT(most_sessions, 65'536U / 8 / 2);
  EXPECT_LE(most_sessions, 65'536U / 8 * 5 / 8 + 1);
}

// He asks in the name of 10,000 addresses, each every 2 s from the same port, as a phone would.
TEST_F(NewPhonesUnderAttack, AForgerWhoRepeatsSharesTheCreditWithPhones) {
  constexpr std::uint32_t kSeconds = 64;
  serve();
  const auto repeats = [](std::uint32_t i) { return made_up(i % 10'000); };
  flood(8, 5000, repeats);
  in = out = 0;
  to.clear();
  bring_phones(60, 0);
  flood(kSeconds, 5000, repeats);
  EXPECT_LE(out, 4 * in + (4 << 20) / 8) << "with what was left for neighbours before";
  EXPECT_GT(out, 3 * in) << "what is not lent to phones is lent to him";
  for (const auto& [address, bytes] : to) {
    ASSERT_LE(bytes, 516 * (2 + kSeconds / 3)) << "more than first packets allow";
  }
  EXPECT_LE(most_sessions, 65'536U / 4 + kMaxBurst);
  EXPECT_GE(up(2), 15U);
  EXPECT_GE(up(5), 40U);
  EXPECT_GE(up(15), 54U);
}

// He repeats in the name of more addresses than may be served, and no phone has asked yet. What is
// kept for neighbours of a proven phone is theirs all the same.
TEST_F(NewPhonesUnderAttack, NeighboursComeBeforeThoseWhoRepeat) {
  image.policy().unproven_bytes /= 8;
  serve(65'536 / 8);
  NewPhone first{kPhoneAddress, 0};
  ASSERT_TRUE(first.ask(*server));
  const auto repeats = [](std::uint32_t i) { return made_up(i % 20'000); };
  flood(10, 10'000, repeats);
  for (std::uint32_t i = 1; i <= 70; ++i) {
    NewPhone neighbour{kPhoneAddress + i, 0};
    EXPECT_TRUE(neighbour.ask(*server)) << i;
    flood(0.1, 10'000, repeats);
  }
}

}  // namespace
}  // namespace dialtone::server
