// SPDX-License-Identifier: Apache-2.0
//
// Scenarios of docs/tftp-conformance.md that are storms. Times are those of the model's link and of
// the phones' timers: what the machine itself takes is for bench/ to say. DIALTONE_STORM_PHONES
// gives the number of phones; 50000 has them at full size.
#include "tests/unit/server/storm.h"

#include <algorithm>
#include <cstdlib>

namespace dialtone::server {
namespace {

using test::kMillisecond;
using test::kSecond;
using test::Limits;
using test::Nanos;
using test::policy_with;
using test::Storm;
using test::StormConfig;

constexpr Nanos kRepeat = 4 * kSecond;  // a phone's own
constexpr Nanos kOneMoment = 1;         // of a power-up

std::uint32_t phones() {
  const char* text = std::getenv("DIALTONE_STORM_PHONES");
  const int count = text == nullptr ? 0 : std::atoi(text);
  return count > 0 ? static_cast<std::uint32_t>(count) : 200;
}

class StormScenario : public testing::TestWithParam<Limits> {
 protected:
  // Without limits, but with as many copies as are shipped: the figures hold for both.
  StormScenario() {
    const abi::Policy shipped = policy_with(Limits::kShipped);
    policy.retransmits = shipped.retransmits;
    policy.first_copies = shipped.first_copies;
  }
  abi::Policy policy = policy_with(GetParam());
};

// Every phone has its files, byte for byte.
void expect_served(const Storm& storm) {
  EXPECT_EQ(storm.unfinished(), 0U);
  EXPECT_EQ(storm.wrong(), 0U);
}

// S03, however often they have asked.
void expect_late_served(const Storm& storm) {
  expect_served(storm);
  EXPECT_LE(storm.most_sessions(), phones());
  EXPECT_EQ(storm.server.count(Counter::kTransfersCompleted), phones() * Storm::kFilesEach);
  EXPECT_LE(storm.server.count(Counter::kBytesSent), storm.file_bytes() + phones() / 2 * 2 * 512);
}

TEST_P(StormScenario, S01_AllPhonesComeWithinASecond) {
  Storm storm({.phones = phones(), .policy = policy});
  storm.run();
  expect_served(storm);
  EXPECT_EQ(storm.repeats(), 0U);
  EXPECT_LT(storm.last_end(), 10 * kSecond);
  EXPECT_LT(storm.answer_at(0.999), 50 * kMillisecond);
  EXPECT_EQ(storm.server.count(Counter::kDataRetransmitted), 0U);
  EXPECT_EQ(storm.server.count(Counter::kBytesSent), storm.file_bytes());
  EXPECT_EQ(storm.server.count(Counter::kTransfersStarted), phones() * Storm::kFilesEach);
  EXPECT_EQ(storm.server.count(Counter::kTransfersCompleted), phones() * Storm::kFilesEach);
  EXPECT_EQ(storm.server.count(Counter::kRequestsNotFound), phones() * 3);
  EXPECT_EQ(storm.server.sessions(), 0U);
}

// An ERROR, or the request for it, that is lost comes again by the phone's own timer alone. Of nine
// such packets two are lost for one phone in 270: three waits bound what 99.9 % have.
TEST_P(StormScenario, S02_OnePercentIsLostSomeDoubledAllReordered) {
  Storm clean({.phones = phones(), .policy = policy});
  clean.run();
  Storm storm({.phones = phones(), .policy = policy, .loss = 0.01, .doubled = 0.005, .reorder = 8});
  storm.run();
  expect_served(storm);
  EXPECT_LT(storm.duration_at(0.999), 4 * clean.last_end() + 3 * kRepeat);
  EXPECT_LE(storm.most_sessions(), phones());
}

// One port of a phone is one session, so the answers that waited are copies, not a second transfer:
// DATA 1 goes out when it is asked for, a second later, and for the repeat. The bytes that may go
// to who is silent are enough for all of them.
TEST_P(StormScenario, S03_HalfOfThemRepeatWhatWasAnsweredLate) {
  if (policy.unproven_bytes != 0) {
    policy.unproven_bytes = std::max(policy.unproven_bytes, phones() * 516);
  }
  Storm storm(
      {.phones = phones(), .policy = policy, .late_answers = 5 * kSecond, .files_first = true});
  storm.run();
  expect_late_served(storm);
  EXPECT_EQ(storm.repeats(), phones() / 2);
}

// As many bytes as are shipped, for 50,000 phones: answers that are late by thousands are taken for
// those to a forger (docs/admission.md). Who is refused then has waited for it twice at most.
TEST_P(StormScenario, S03_TooManyOfThemLookLikeAnAttack) {
  policy.unproven_bytes = policy.unproven_bytes / 50'000 * phones();
  Storm storm(
      {.phones = phones(), .policy = policy, .late_answers = 5 * kSecond, .files_first = true});
  storm.run();
  expect_late_served(storm);
  EXPECT_GE(storm.repeats(), phones() / 2);
  EXPECT_EQ(storm.server.count(DropReason::kUnprovenBytes) != 0, GetParam() == Limits::kShipped);
  EXPECT_LE(std::ranges::max(storm.phones(), {}, &Storm::Phone::repeats).repeats, 2U);
  EXPECT_LT(storm.last_end(), 2 * kRepeat + 2 * kSecond);
}

TEST_P(StormScenario, S04_ALatePhoneWaitsNoLongerThanOthers) {
  Storm storm(
      {.phones = phones(), .policy = policy, .power_up = 20 * kMillisecond, .late_phones = 1});
  storm.run();
  expect_served(storm);
  const Storm::Phone& late = storm.phones().back();
  EXPECT_LE(late.ended - late.begun, 2 * storm.duration_at(0.5));
}

TEST_P(StormScenario, S05_FilesChangeEachTenMilliseconds) {
  Storm still({.phones = phones(), .policy = policy});
  still.run();
  Storm storm({.phones = phones(), .policy = policy});
  std::uint64_t version = 1;
  storm.every(10 * kMillisecond, [&] { storm.publish(++version); });
  storm.run();
  expect_served(storm);  // entirely old or entirely new bytes
  EXPECT_GT(version, 50U);
  EXPECT_EQ(storm.repeats(), 0U);
  EXPECT_EQ(storm.server.count(Counter::kDataRetransmitted), 0U);
  EXPECT_LE(storm.duration_at(0.99), still.duration_at(0.99) * 11 / 10);
}

TEST_P(StormScenario, S10_ThreeInTenLoseTheirPower) {
  Storm storm({.phones = phones(), .policy = policy, .vanish = 0.3});
  storm.run();
  expect_served(storm);
  const auto gone = static_cast<std::uint64_t>(std::ranges::count_if(
      storm.phones(), [](const Storm::Phone& one) { return one.ended == 0; }));
  EXPECT_GT(gone, phones() / 5);
  // Copies after 1, 2 and 4 s, and 8 s later it is forgotten; looked at late by a quarter at most.
  for (int millisecond = 0; millisecond < 20'000; ++millisecond) {  // each a worker's turn
    storm.server.now += test::kTicksPerSecond / 1000;
    storm.server.run_timers();
  }
  EXPECT_EQ(storm.server.sessions(), 0U);
  EXPECT_EQ(storm.server.pinned(), 0U);
  EXPECT_EQ(storm.server.count(Counter::kTransfersTimedOut), gone);
  EXPECT_EQ(storm.server.count(Counter::kDataRetransmitted), 3 * gone);
}

// Before a phone of an address has acknowledged something, the shipped limits are for it: then as
// many may come in one moment as docs/admission.md says.
TEST_P(StormScenario, S24_AllAreBehindOneAddress) {
  const std::uint32_t count =
      GetParam() == Limits::kShipped ? 250 : std::min(phones(), 9000U);  // its ports
  Storm spread({.phones = count, .policy = policy, .power_up = kOneMoment});
  spread.run();
  Storm storm({.phones = count, .policy = policy, .power_up = kOneMoment, .one_address = true});
  storm.run();
  expect_served(storm);
  EXPECT_EQ(storm.repeats(), 0U);
  EXPECT_LE(storm.last_end(), spread.last_end() * 10 / 8);
  EXPECT_GT(storm.fairness(), 0.95);
}

// Who is above them asks once more, and by then the address is known.
TEST_P(StormScenario, S24_ManyBehindOneAddressWaitForOneRepeatAtMost) {
  const bool limited = GetParam() == Limits::kShipped;
  const std::uint32_t count = limited ? 300 : std::min(phones(), 9000U);
  Storm storm({.phones = count, .policy = policy, .power_up = kOneMoment, .one_address = true});
  storm.run();
  expect_served(storm);
  EXPECT_LE(storm.repeats(), limited ? count : 0U);
  EXPECT_LT(storm.last_end(), kRepeat + kSecond);
}

TEST_P(StormScenario, S25_TheLinkFailsForFiveSeconds) {
  Storm clean({.phones = phones(), .policy = policy});
  clean.run();
  Storm storm(
      {.phones = phones(), .policy = policy, .outage_at = kSecond / 2, .outage = 5 * kSecond});
  storm.run();
  expect_served(storm);
  EXPECT_GT(storm.repeats(), 0U);
  EXPECT_LT(storm.last_end(), clean.last_end() + 10 * kSecond);
}

INSTANTIATE_TEST_SUITE_P(Policy, StormScenario, test::both_policies(), test::name_of_policy);

}  // namespace
}  // namespace dialtone::server
