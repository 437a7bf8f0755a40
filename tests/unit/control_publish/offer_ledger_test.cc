// SPDX-License-Identifier: Apache-2.0
#include "control/publish/offer_ledger.h"

#include <gtest/gtest.h>

#include <sys/mman.h>

#include <memory>
#include <utility>
#include <vector>

namespace dialtone::publish {
namespace {

constexpr OfferedState kFirst{1, 10, 0};
constexpr OfferedState kSecond{2, 10, 0};

class Ledger : public testing::Test {
 protected:
  Ledger() { ledger_.begin(0, {}, {}); }

  std::uint64_t send(const OfferedState& state, std::vector<image_build::ObjectPtr> segments = {}) {
    SentOffer sent;
    sent.offer.segments = std::move(segments);
    sent.offer.generation = ledger_.next_generation();
    sent.state = state;
    const std::uint64_t generation = sent.offer.generation;
    ledger_.sent(std::move(sent));
    return generation;
  }
  void publish(const OfferedState& state) { ASSERT_NE(ledger_.published(send(state)), nullptr); }

  OfferLedger ledger_;
};

TEST_F(Ledger, WantsWhatDiffersInAnyOfItsSources) {
  publish(kFirst);
  EXPECT_FALSE(ledger_.wants(kFirst));
  EXPECT_TRUE(ledger_.wants(kSecond));
  EXPECT_TRUE(ledger_.wants({1, 11, 0}));
  EXPECT_TRUE(ledger_.wants({1, 10, 1}));
  EXPECT_FALSE(ledger_.wants({0, 11, 1})) << "nothing was built";
}

TEST_F(Ledger, AnAnswerToAnotherOfferChangesNothing) {
  const std::uint64_t generation = send(kFirst);
  EXPECT_EQ(ledger_.published(generation + 1), nullptr);
  EXPECT_FALSE(ledger_.rejected(generation + 1, "why"));
  ledger_.busy(generation + 1, "why");
  EXPECT_FALSE(ledger_.may_offer());
  EXPECT_EQ(ledger_.busy_why(), nullptr);
  EXPECT_EQ(ledger_.state(1), PublishState::kPending);
  EXPECT_NE(ledger_.published(generation), nullptr);
  EXPECT_EQ(ledger_.state(1), PublishState::kPublished);
}

TEST_F(Ledger, BusyWaitsForARetired) {
  publish(kFirst);
  ledger_.busy(send(kSecond), "slow phones");
  EXPECT_FALSE(ledger_.may_offer());
  EXPECT_EQ(*ledger_.busy_why(), "slow phones");
  ledger_.retired(0);
  EXPECT_TRUE(ledger_.may_offer());
  EXPECT_TRUE(ledger_.wants(kSecond));
}

TEST_F(Ledger, WhatWasRefusedIsNotWantedAgainUntilItChangesOrSomebodyAsks) {
  publish(kFirst);
  EXPECT_TRUE(ledger_.rejected(send(kSecond), "faulty"));
  EXPECT_EQ(ledger_.state(2), PublishState::kRefused);
  EXPECT_EQ(ledger_.state(1), PublishState::kPublished);
  EXPECT_EQ(ledger_.refusal()->why, "faulty");
  EXPECT_FALSE(ledger_.wants(kSecond));
  EXPECT_TRUE(ledger_.wants({2, 11, 0})) << "another policy";
  ledger_.forget_refusal();
  EXPECT_TRUE(ledger_.wants(kSecond));
}

TEST_F(Ledger, APolicyIsServedRefusedOrWaits) {
  EXPECT_EQ(ledger_.policy_state(10), PublishState::kPending);
  publish(kFirst);
  EXPECT_EQ(ledger_.policy_state(10), PublishState::kPublished);
  ledger_.rejected(send({1, 11, 0}), "faulty");
  EXPECT_EQ(ledger_.policy_state(11), PublishState::kRefused);
  EXPECT_EQ(ledger_.policy_state(10), PublishState::kPublished);
  EXPECT_EQ(ledger_.state(1), PublishState::kPublished) << "its files are served";
  publish({2, 10, 0});
  EXPECT_NE(ledger_.refusal(), nullptr) << "of the other policy it is still the last word";
  publish({3, 11, 0});
  EXPECT_EQ(ledger_.refusal(), nullptr);
  ledger_.end();
  EXPECT_EQ(ledger_.policy_state(11), PublishState::kPending);
}

TEST_F(Ledger, TheLastGoodOneIsWantedWhenTheNewestIsRefusedAndNothingIsServed) {
  publish(kFirst);
  EXPECT_EQ(ledger_.wanted_last_good(), nullptr);
  ledger_.end();
  ledger_.begin(0, {}, {});
  EXPECT_EQ(ledger_.wanted_last_good(), nullptr) << "the newest is to be tried first";
  ledger_.rejected(send(kSecond), "faulty");
  const SentOffer* good = ledger_.wanted_last_good();
  ASSERT_NE(good, nullptr);
  EXPECT_EQ(good->state.image, 1U);
  // That one is refused as well: there is nothing better.
  ledger_.sent(*good);
  ledger_.rejected(good->offer.generation, "no memory");
  EXPECT_EQ(ledger_.wanted_last_good(), nullptr);
  EXPECT_EQ(ledger_.refusal()->why, "faulty");
}

image_build::ObjectPtr segment(std::uint64_t id, std::size_t pages, image_build::Pages kind) {
  auto object = std::make_shared<image_build::SealedObject>();
  const std::size_t size = pages * 4096;
  object->id = id;
  object->pages = kind;
  object->mapping =
      Mapping(::mmap(nullptr, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), size);
  return object;
}

TEST_F(Ledger, HugePagesOfOldGenerationsCountUntilTheyAreRetired) {
  const auto base = segment(1, 7, image_build::Pages::kHuge);
  const auto next = segment(2, 9, image_build::Pages::kHuge);
  const auto delta = segment(3, 1, image_build::Pages::kSmall);
  const std::uint64_t first = send(kFirst, {base});
  EXPECT_EQ(ledger_.live_huge_bytes(), 0U) << "not published yet";
  ledger_.published(first);
  EXPECT_EQ(ledger_.live_huge_bytes(), 7U * 4096);
  const std::uint64_t second = send(kSecond, {base, delta});
  ledger_.published(second);
  EXPECT_EQ(ledger_.live_huge_bytes(), 7U * 4096) << "both use it";
  ledger_.published(send({3, 10, 0}, {next}));
  EXPECT_EQ(ledger_.live_huge_bytes(), 16U * 4096);
  ledger_.retired(second);
  EXPECT_EQ(ledger_.live_huge_bytes(), 16U * 4096) << "the first still drains";
  ledger_.retired(first);
  EXPECT_EQ(ledger_.live_huge_bytes(), 9U * 4096);
}

TEST_F(Ledger, NumbersGoOnBehindThoseOfAnyDataplane) {
  ledger_.begin(41, {}, {});
  EXPECT_EQ(ledger_.next_generation(), 42U);
  ledger_.begin(7, {}, {});
  EXPECT_EQ(ledger_.next_generation(), 43U);
}

TEST_F(Ledger, ARollbackIsAnotherStateOfTheSameImage) {
  const OfferedState back{1, 10, 0, 1};
  publish(kSecond);
  EXPECT_TRUE(ledger_.wants(back));
  publish(back);
  EXPECT_EQ(ledger_.rollback_state(1), PublishState::kPublished);
  EXPECT_FALSE(ledger_.wants(back));
  EXPECT_TRUE(ledger_.wants({1, 10, 0, 2})) << "another rollback";
  EXPECT_EQ(ledger_.rollback_state(2), PublishState::kPending);
  EXPECT_EQ(ledger_.state(1), PublishState::kPending) << "it is not the newest image's version 1";
  EXPECT_TRUE(ledger_.wants(kSecond));

  EXPECT_TRUE(ledger_.rejected(send({1, 10, 0, 2}), "why"));
  EXPECT_EQ(ledger_.rollback_state(2), PublishState::kRefused);
  EXPECT_EQ(ledger_.state(1), PublishState::kPending);
  EXPECT_TRUE(ledger_.wants(kSecond));
}

TEST_F(Ledger, NumbersGoOnBehindThoseOfTheProcessBefore) {
  OfferLedger ledger;
  ledger.start_behind(40, 104);
  ledger.begin(0, {}, {});
  EXPECT_EQ(ledger.next_generation(), 105u) << "any up to 104 may have been served";

  OfferLedger knows;
  knows.start_behind(40, 104);
  knows.begin(42, {}, {});
  EXPECT_EQ(knows.next_generation(), 43u) << "the dataplane says what was the last";

  OfferLedger strange;
  strange.start_behind(40, 104);
  strange.begin(3, {}, {});
  EXPECT_EQ(strange.next_generation(), 105u) << "a dataplane of somebody else";
}

}  // namespace
}  // namespace dialtone::publish
