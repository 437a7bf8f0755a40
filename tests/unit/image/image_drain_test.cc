// SPDX-License-Identifier: Apache-2.0
//
// What is read is kept, and goes when nobody reads it. Real threads are the workers.
#include "tests/unit/image/store_test.h"

namespace dialtone::image {
namespace {

using test::FakeWorker;

class StoreDrain : public StoreTest {};
INSTANTIATE_TEST_SUITE_P(Modes, StoreDrain, testing::Values(MapMode::kShared, MapMode::kPrivate),
                         mode_name);

TEST_P(StoreDrain, TransferEndsOnItsOldBytesAndThenTheSegmentGoes) {
  FakeWorker worker(store_);
  FakeWorker idle(store_, 1);
  publish(SealedImage(1, {kOne}, 200));
  const std::uint64_t one = store_.mapped_bytes();
  ASSERT_TRUE(worker.begin(kPhone));
  publish(SealedImage(2, {kTwo}, 201));
  EXPECT_EQ(served(kPhone), "two");
  EXPECT_TRUE(quiet()) << "generation 1 is pinned and must not retire";
  EXPECT_EQ(worker.content(), "one");
  EXPECT_GT(store_.mapped_bytes(), one);
  worker.end();
  EXPECT_TRUE(wait_for(Kind::kRetired, 1));
  EXPECT_EQ(store_.mapped_bytes(), one);
  EXPECT_EQ(store_.live_generations(), 1u);
}

TEST_P(StoreDrain, APublishIsReportedBeforeTheOldImageIsUnmapped) {
  FakeWorker worker(store_);
  publish(SealedImage(1, {kOne}, 200));
  const std::uint64_t one = store_.mapped_bytes();
  const SealedImage second(2, {kTwo}, 201);
  stage(second);
  const std::uint64_t both = store_.mapped_bytes();
  ASSERT_EQ(*offer(second), ImageStore::Outcome::kStarted);
  store_.await_grace(std::chrono::seconds(5));
  EXPECT_EQ(events(Kind::kPublished, ImageStore::Clock::now()), 1U) << "the grace period is over";
  EXPECT_EQ(store_.mapped_bytes(), both);
  EXPECT_TRUE(wait_for(Kind::kRetired, 1));
  EXPECT_EQ(store_.mapped_bytes(), one);
}

TEST_P(StoreDrain, TheWaitForAWorkerThatHangsIsBounded) {
  FakeWorker worker(store_);
  publish(SealedImage(1, {kOne}, 200));
  worker.hang();
  const SealedImage second(2, {kTwo}, 201);
  stage(second);
  ASSERT_EQ(*offer(second), ImageStore::Outcome::kStarted);
  store_.await_grace(std::chrono::milliseconds(1));
  EXPECT_TRUE(store_.publishing());
  worker.resume();
  EXPECT_TRUE(wait_for(Kind::kPublished, 2));
}

TEST_P(StoreDrain, SharedSegmentOutlivesTheGenerationThatBroughtIt) {
  FakeWorker worker(store_);
  publish(SealedImage(1, {kBase, kOne}, 200, 1, 201));
  ASSERT_TRUE(worker.begin("load.bin"));
  publish(SealedImage(2, {kBase, kTwo}, 200, 1, 202));
  EXPECT_TRUE(wait_for(Kind::kRetired, 1)) << "only its delta is gone, and nobody reads that";
  EXPECT_EQ(worker.content(), std::string(70000, 'l'));
  worker.end();
  EXPECT_EQ(served("ringlist.xml"), "rings");
  EXPECT_EQ(served(kPhone), "two");
}

TEST_P(StoreDrain, BusyAtThreeLiveGenerationsAndFreeInAnyOrder) {
  FakeWorker first(store_);
  FakeWorker second(store_, 1);
  ASSERT_NO_FATAL_FAILURE(publish_three(first, second));
  const SealedImage fourth(4, {kFour}, 203);
  stage(fourth);
  auto outcome = offer(fourth);
  ASSERT_TRUE(outcome.ok());
  EXPECT_EQ(*outcome, ImageStore::Outcome::kBusy);
  EXPECT_EQ(served(kPhone), "three");
  second.end();
  ASSERT_TRUE(wait_for(Kind::kRetired, 2)) << "a long transfer of 1 must not hold up 2";
  outcome = offer(fourth);
  ASSERT_TRUE(outcome.ok());
  EXPECT_EQ(*outcome, ImageStore::Outcome::kStarted);
  EXPECT_TRUE(wait_for(Kind::kPublished, 4));
  EXPECT_EQ(first.content(), "one");
  first.end();
}

TEST_P(StoreDrain, DrainDeadlineCountsWhileAnOfferWaits) {
  FakeWorker first(store_);
  FakeWorker second(store_, 1);
  ASSERT_NO_FATAL_FAILURE(publish_three(first, second));
  const std::uint16_t slot_of_three = store_.current()->slots[0];
  const auto early =
      ImageStore::Clock::now() + ImageStore::kDrainDeadline - std::chrono::minutes(1);
  const auto late = ImageStore::Clock::now() + ImageStore::kDrainDeadline;
  EXPECT_EQ(events(Kind::kOverdue, late), 0U);
  EXPECT_EQ(store_.drained_slot(), abi::kNoSlot) << "nobody waits: they may read on";

  const SealedImage fourth(4, {kFour}, 203);
  stage(fourth);
  ASSERT_EQ(*offer(fourth), ImageStore::Outcome::kBusy);
  EXPECT_EQ(events(Kind::kOverdue, early), 0U);
  EXPECT_EQ(store_.drained_slot(), abi::kNoSlot) << "not yet";
  EXPECT_EQ(events(Kind::kOverdue, late), 1U);
  const std::uint16_t slot = store_.drained_slot();
  EXPECT_NE(slot, abi::kNoSlot);
  EXPECT_NE(slot, slot_of_three);
  EXPECT_EQ(events(Kind::kOverdue, late), 0U) << "it is said once";
  EXPECT_EQ(store_.drained_slot(), slot);

  first.end();  // as the worker does that finds the slot
  ASSERT_TRUE(wait_for(Kind::kRetired, 1));
  EXPECT_EQ(store_.drained_slot(), abi::kNoSlot);
  EXPECT_EQ(events(Kind::kOverdue, late), 0U) << "whether that was enough, the next offer tells";
  EXPECT_EQ(store_.drained_slot(), abi::kNoSlot);
  EXPECT_EQ(second.content(), "two");
  EXPECT_EQ(*offer(fourth), ImageStore::Outcome::kStarted);
  ASSERT_TRUE(wait_for(Kind::kPublished, 4));
  EXPECT_LE(events(Kind::kRetired, late), 1U) << "the third, which nobody reads";
  EXPECT_EQ(store_.drained_slot(), abi::kNoSlot) << "nobody waits any more";
  second.end();
}

TEST_P(StoreDrain, DrainDeadlineEndsWithTheControlThatWaits) {
  FakeWorker first(store_);
  FakeWorker second(store_, 1);
  ASSERT_NO_FATAL_FAILURE(publish_three(first, second));
  const SealedImage fourth(4, {kFour}, 203);
  stage(fourth);
  ASSERT_EQ(*offer(fourth), ImageStore::Outcome::kBusy);
  const auto late = ImageStore::Clock::now() + ImageStore::kDrainDeadline;
  EXPECT_EQ(events(Kind::kOverdue, late), 1U);
  EXPECT_NE(store_.drained_slot(), abi::kNoSlot);
  store_.forget_offer();
  EXPECT_EQ(events(Kind::kOverdue, late), 0U);
  EXPECT_EQ(store_.drained_slot(), abi::kNoSlot);
  first.end();
  second.end();
}

TEST_P(StoreDrain, TellsWhatEachLiveGenerationKeepsMapped) {
  FakeWorker worker(store_);
  publish(SealedImage(1, {kBase, kOne}, 200, 1, 201));
  ASSERT_TRUE(worker.begin(kPhone));
  publish(SealedImage(2, {kBase, kTwo}, 200, 1, 202));
  ASSERT_TRUE(quiet());
  const auto later = ImageStore::Clock::now() + std::chrono::seconds(100);
  const auto live = store_.live(later);
  ASSERT_EQ(live.size(), 2U);
  EXPECT_EQ(live[0].number, 1U);
  EXPECT_EQ(live[0].transfers, 1U);
  EXPECT_GE(live[0].waiting, std::chrono::seconds(100));
  EXPECT_EQ(live[1].number, 2U);
  EXPECT_EQ(live[1].transfers, 0U);
  EXPECT_EQ(live[1].waiting, std::chrono::seconds(0));
  EXPECT_LT(live[0].bytes, live[1].bytes) << "the base belongs to the newer one";
  const std::uint64_t manifest = live[0].bytes + live[1].bytes - store_.mapped_bytes();
  EXPECT_GT(manifest, 0U);
  EXPECT_LT(manifest, 4096U);
  worker.end();
}

TEST_P(StoreDrain, SegmentThatDrainsCanComeBack) {
  FakeWorker worker(store_);
  publish(SealedImage(1, {kOne}, 200));
  ASSERT_TRUE(worker.begin(kPhone));
  publish(SealedImage(2, {kTwo}, 201));
  publish(SealedImage(3, {kOne}, 202));
  EXPECT_EQ(served(kPhone), "one");
  worker.end();
  quiet();
  EXPECT_EQ(served(kPhone), "one");
  EXPECT_EQ(store_.live_generations(), 1u);
}

TEST_P(StoreDrain, SegmentSentAgainWhileItDrainsStaysKnown) {
  FakeWorker worker(store_);
  publish(SealedImage(1, {kOne}, 200));
  ASSERT_TRUE(worker.begin(kPhone));
  publish(SealedImage(2, {kTwo}, 201));
  const SealedImage third(3, {kOne}, 202);
  stage(third);
  worker.end();
  ASSERT_TRUE(wait_for(Kind::kRetired, 1));
  EXPECT_EQ(fault_of(third), "");
  EXPECT_TRUE(wait_for(Kind::kPublished, 3));
  EXPECT_EQ(served(kPhone), "one");
  ASSERT_TRUE(worker.begin(kPhone));
  EXPECT_EQ(worker.content(), "one");
  worker.end();
}

TEST_P(StoreDrain, SegmentSentAgainWhileItDrainsIsForgottenByDrop) {
  FakeWorker worker(store_);
  publish(SealedImage(1, {kOne}, 200));
  const std::uint64_t mapped = store_.mapped_bytes();
  ASSERT_TRUE(worker.begin(kPhone));
  publish(SealedImage(2, {kTwo}, 201));
  stage(SealedImage(3, {kOne}, 202));
  store_.objects().drop_staged();
  worker.end();
  ASSERT_TRUE(wait_for(Kind::kRetired, 1));
  EXPECT_EQ(store_.mapped_bytes(), mapped);
}

}  // namespace
}  // namespace dialtone::image
