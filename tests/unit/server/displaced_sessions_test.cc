// SPDX-License-Identifier: Apache-2.0
//
// Once five eighths of the sessions are unanswered, who repeats a refused request takes the place
// of one that has stood for long: so a forger who repeats shares them with new phones. Whose
// session that is, and whose never.
#include "tests/unit/server/admitted.h"
#include "tests/unit/server/new_phones.h"

#include <tuple>

namespace dialtone::server {
namespace {

using test::Admitted;
using test::kPhoneAddress;
using test::kTicksPerSecond;
using test::made_up;
using test::NewPhone;
using test::NewPhonesUnderAttack;
using test::Packet;

constexpr Ticks kMs = kTicksPerSecond / 1000;
constexpr std::string_view kAsksForSize{"tsize\0000\0", 8};

// In the name of so many addresses, 5,000 requests a second, while phones are so far away.
class RepeatedFlood : public NewPhonesUnderAttack,
                      public testing::WithParamInterface<std::tuple<std::uint32_t, Ticks>> {};

TEST_P(RepeatedFlood, NewPhonesComeUpAtTheirRepeatS17T24) {
  const auto [addresses, round_trip] = GetParam();
  image.policy().unproven_bytes /= 16;
  serve(65'536 / 16);
  options = kAsksForSize;
  const auto repeats = [count = addresses](std::uint32_t i) { return made_up(i % count); };
  flood(10, 5000, repeats);
  in = out = 0;
  to.clear();
  bring_phones(50, round_trip);
  flood(10, 5000, repeats);
  EXPECT_GT(server->count(Counter::kTransfersDisplaced), 10'000U) << "there was room for all";
  EXPECT_EQ(up(2), 50U);
  EXPECT_LE(out, 4 * in);
  EXPECT_LE(most_sessions, 65'536U / 16 * 5 / 8 + 50) << "phones whose transfer goes on";
  for (const auto& [address, bytes] : to) {
    ASSERT_LE(bytes, 20 * (2 + 10 / 3)) << "more than first packets allow";
  }
}

INSTANTIATE_TEST_SUITE_P(, RepeatedFlood,
                         testing::Combine(testing::Values(10'000u, 22'500u),
                                          testing::Values(10 * kMs, 100 * kMs)));

// 20 times as many repeats as there are places: a phone may have to ask more often, but once it is
// answered its session stands for a quarter of a second.
TEST_F(NewPhonesUnderAttack, ASessionStandsForARoundTripHoweverManyRepeat) {
  image.policy().unproven_bytes /= 128;
  serve(65'536 / 128);
  options = kAsksForSize;
  const auto repeats = [](std::uint32_t i) { return made_up(i % 6'000); };
  flood(8, 8000, repeats);
  bring_phones(50, 240 * kMs);
  flood(24, 8000, repeats);
  EXPECT_GT(server->count(Counter::kTransfersDisplaced), 20'000U);
  EXPECT_GE(up(5), 20U);
  for (const NewPhone& phone : phones) {
    EXPECT_EQ(phone.dead_ends, 0);
  }
}

// Addresses that are made up at random do not repeat, so phones take places of theirs alone, and
// few: who is slow stands as without an attack.
TEST_F(NewPhonesUnderAttack, ASlowPhoneKeepsItsSessionBesideAFloodThatDoesNotRepeat) {
  image.policy().unproven_bytes /= 16;
  serve(65'536 / 16);
  options = kAsksForSize;
  flood(4, 5000, made_up);
  bring_phones(50, 2500 * kMs);
  flood(9, 5000, made_up);
  for (const NewPhone& phone : phones) {
    EXPECT_EQ(phone.dead_ends, 0);
  }
  EXPECT_EQ(up(15) + static_cast<std::size_t>(std::ranges::count_if(
                         phones, [](const NewPhone& phone) { return !phone.asks_next(); })),
            50U);
}

// 16 sessions, ten of them unanswered: of eight addresses that came first, and two that repeated.
class Displaced : public Admitted {
 protected:
  static constexpr std::uint32_t kFirst = 0x0b000000;
  static std::uint32_t other(std::uint32_t i) { return kFirst + (i << 8); }

  void serve_sixteen() { serve_limited({.max_sessions = 16}); }
  void fill(std::uint32_t already = 0) {
    for (std::uint32_t i = already; i < 8; ++i) {
      tids.push_back(server->ask(rrq(other(i), 4000)).source_port);
    }
    for (std::uint32_t i = 8; i < 12; ++i) {
      EXPECT_FALSE(asks(other(i), 4000)) << i;
    }
    server->now += 900 * kMs;
    EXPECT_TRUE(asks(other(8), 4000));
    EXPECT_TRUE(asks(other(9), 4000));
    EXPECT_EQ(server->count(Counter::kSessionsUnanswered), 10U);
  }
  bool goes_on(std::uint32_t address, std::uint16_t tid, std::uint16_t block = 1) {
    return server->send(Packet().from(address, 4000).to_port(tid).ack(block)).has_value();
  }

  std::vector<std::uint16_t> tids;
};

TEST_F(Displaced, WhoRepeatsTakesThePlaceOfTheOldest) {
  serve_sixteen();
  fill();
  EXPECT_TRUE(asks(other(10), 4000));
  EXPECT_EQ(server->count(Counter::kTransfersDisplaced), 1U);
  EXPECT_EQ(server->count(Counter::kSessionsUnanswered), 10U);
  EXPECT_FALSE(goes_on(other(0), tids[0]));
  EXPECT_TRUE(goes_on(other(1), tids[1]));
  EXPECT_FALSE(asks(other(20), 4000)) << "it does not repeat";
  server->responder().end_all_sessions();
}

TEST_F(Displaced, NobodyMakesWayBeforeAQuarterOfASecond) {
  serve_sixteen();
  fill();
  for (std::uint32_t i = 0; i < 8; ++i) {
    EXPECT_TRUE(asks(other(i), 4000)) << "they repeat as well";
  }
  server->now += 249 * kMs;
  EXPECT_FALSE(asks(other(10), 4000));
  EXPECT_EQ(server->count(DropReason::kUnanswered), 5U);
  server->now += 1 * kMs;
  EXPECT_TRUE(asks(other(11), 4000));
  server->responder().end_all_sessions();
}

TEST_F(Displaced, AProvenPhoneOnASlowLineKeepsItsSession) {
  serve_sixteen();
  prove(kPhoneAddress, 1000);
  server->responder().end_all_sessions();
  const std::uint16_t tid = server->ask(rrq(kPhoneAddress, 4000)).source_port;
  server->now += 1 * kMs;
  fill(1);
  EXPECT_TRUE(asks(other(10), 4000));
  EXPECT_EQ(server->count(Counter::kTransfersDisplaced), 1U);
  EXPECT_TRUE(goes_on(kPhoneAddress, tid));
  EXPECT_FALSE(goes_on(other(1), tids[0]));
  server->responder().end_all_sessions();
}

// A long transfer outlives the day for which its source is proven.
TEST_F(Displaced, ATransferThatGoesOnMakesNoWay) {
  serve(
      [](test::TestImage& i) {
        test::set_limits(i.policy());
        i.policy().proven_s = 1;
      },
      {.max_sessions = 16});
  const std::uint16_t tid = server->ask(rrq(kPhoneAddress, 4000)).source_port;
  EXPECT_TRUE(goes_on(kPhoneAddress, tid, 1));
  server->now += 2 * kTicksPerSecond;
  fill();
  EXPECT_TRUE(asks(other(10), 4000));
  EXPECT_TRUE(goes_on(kPhoneAddress, tid, 2));
  EXPECT_FALSE(goes_on(other(0), tids[0]));
  server->responder().end_all_sessions();
}

// Who repeats would begin once a transfer of a proven phone has ended, in its part.
TEST_F(Displaced, NobodyMakesWayWhereAllSessionsAreInUse) {
  serve_sixteen();
  for (std::uint16_t port = 1000; port < 1006; ++port) {
    prove(kPhoneAddress, port);
  }
  fill();
  EXPECT_EQ(server->sessions(), 16U);
  EXPECT_FALSE(asks(other(10), 4000));
  EXPECT_EQ(server->count(Counter::kTransfersDisplaced), 0U);
  EXPECT_EQ(server->count(DropReason::kUnanswered), 5U);
  EXPECT_EQ(server->count(Counter::kParkedNow), 0U);
  server->responder().end_all_sessions();
}

}  // namespace
}  // namespace dialtone::server
