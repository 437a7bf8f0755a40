// SPDX-License-Identifier: Apache-2.0
//
// A flood of forged requests reaches a server that nobody has answered yet: which new phones come
// up meanwhile, and what a forger gets who repeats his requests as they do. Virtual time.
#include "tests/unit/server/new_phones.h"

namespace dialtone::server {
namespace {

using test::kPhoneAddress;
using test::made_up;
using test::NewPhone;
using test::NewPhonesUnderAttack;

TEST_F(NewPhonesUnderAttack, AreServedAtTheirRepeatS17) {
  serve();
  flood(5, 4000, made_up);
  in = out = 0;
  bring_phones(50);
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
  bring_phones(60);
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
  bring_phones(50);
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
  NewPhone proven{kPhoneAddress};
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
  bring_phones(60);
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
  NewPhone first{kPhoneAddress};
  ASSERT_TRUE(first.ask(*server));
  const auto repeats = [](std::uint32_t i) { return made_up(i % 20'000); };
  flood(10, 10'000, repeats);
  for (std::uint32_t i = 1; i <= 70; ++i) {
    NewPhone neighbour{kPhoneAddress + i};
    EXPECT_TRUE(neighbour.ask(*server)) << i;
    flood(0.1, 10'000, repeats);
  }
}

}  // namespace
}  // namespace dialtone::server
