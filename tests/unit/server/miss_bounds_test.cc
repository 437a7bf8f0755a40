// SPDX-License-Identifier: Apache-2.0
//
// What asking for names can cost: places, records of the ring, turns; and a ring that control
// spoils.
#include "tests/unit/server/misses.h"

namespace dialtone::server {
namespace {

using test::Packet;

TEST_F(Misses, NoMoreThanHalfOfTheLotIsForThem) {
  for (std::uint16_t port = 2000; port < 2016; ++port) {
    EXPECT_FALSE(ask("random" + std::to_string(port), port));
  }
  EXPECT_TRUE(ask("random", 2016));
  EXPECT_EQ(server.count(Counter::kMissesNotAsked), 1U);
  EXPECT_EQ(server.count(Counter::kParkedNow), 16U);
  // Known files are served all the same, and those places are free again in time.
  EXPECT_TRUE(ask("a", 2017));
  server.now += kParkMs * kMs;
  server.unasked();
  EXPECT_EQ(server.count(Counter::kParkedRefused), 16U);
  EXPECT_FALSE(ask("random", 2016));
}

// Names at random from everywhere: memory is fixed, and each gets its answer.
TEST_F(Misses, AScanOfRandomNamesIsBounded) {
  std::uint64_t at_once = 0;
  std::uint64_t later = 0;
  for (std::uint32_t i = 0; i < 20'000; ++i) {
    const auto reply =
        server.send(Packet().from(0x0b000000 + i, 4000).rrq("scan" + std::to_string(i)));
    at_once += reply.has_value();
    if (i % 100 == 0) {
      server.now += kMs;
      later += server.run_timers().size();
      static_cast<void>(asked());
    }
  }
  server.now += kParkMs * kMs;
  later += server.run_timers().size();
  EXPECT_EQ(at_once + later, 20'000U);
  EXPECT_EQ(server.count(Counter::kRequestsNotFound), 20'000U);
  EXPECT_EQ(server.sessions(), 0U);
}

class LargeLot : public Misses {
 protected:
  LargeLot() : Misses(2000) {}
};

TEST_F(LargeLot, AFullRingAnswersAtOnce) {
  for (std::uint16_t i = 0; i < abi::kMissRecords; ++i) {
    EXPECT_FALSE(ask("n" + std::to_string(i), static_cast<std::uint16_t>(2000 + i)));
  }
  EXPECT_TRUE(ask("one more", 9000));
  EXPECT_EQ(server.count(Counter::kMissesNotAsked), 1U);
  EXPECT_FALSE(ask("n7", 9001));  // asked for already: it may wait
  EXPECT_EQ(asked().size(), abi::kMissRecords);
  EXPECT_FALSE(ask("one more", 9000));
}

// What control writes as its position is not believed.
TEST_F(LargeLot, AHostileReadPositionIsHarmless) {
  for (const std::uint64_t read : {std::uint64_t{1}, std::uint64_t{1} << 63}) {
    ring().read = read;
    EXPECT_TRUE(ask("x", 2000)) << read;  // it looks full
  }
  ring().read = ~std::uint64_t{0};
  EXPECT_FALSE(ask("x", 2000));
  ring().written = 1 << 20;  // our position is not read from there
  EXPECT_FALSE(ask("y", 2001));
  EXPECT_EQ(ring().written, 2U);
}

// A publish while many wait: each turn looks at some of them, and all are answered.
TEST_F(LargeLot, ManyThatWaitAreAllWoken) {
  for (std::uint16_t i = 0; i < 900; ++i) {
    EXPECT_FALSE(ask("late", static_cast<std::uint16_t>(2000 + i)));
  }
  publish({{"a", "hello"}}, {"late"});
  std::size_t answered = 0;
  for (int turn = 0; turn < 100; ++turn) {
    answered += server.unasked().size();
  }
  EXPECT_EQ(answered, 900U);
  EXPECT_EQ(server.count(Counter::kMissesAbsent), 900U);
}

}  // namespace
}  // namespace dialtone::server
