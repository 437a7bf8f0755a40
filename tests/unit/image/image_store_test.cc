// SPDX-License-Identifier: Apache-2.0
//
// Publish, grace, drain and retire with real threads as workers.
#include "dataplane/image/image_store.h"

#include "tests/support/sealed_image.h"
#include "tests/unit/image/fake_worker.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <thread>
#include <vector>

namespace dialtone::image {
namespace {

using test::FakeWorker;
using test::SealedImage;
using test::SealedOffer;
using test::SealedSegment;
using Kind = StoreEvent::Kind;

const SealedSegment kBase{100, {{"ringlist.xml", "rings"}, {"load.bin", std::string(70000, 'l')}}};
const SealedSegment kOne{101, {{"sep001122334455.cnf.xml", "one"}}};
const SealedSegment kTwo{102, {{"sep001122334455.cnf.xml", "two"}}};
const SealedSegment kThree{103, {{"sep001122334455.cnf.xml", "three"}}};
const SealedSegment kFour{104, {{"sep001122334455.cnf.xml", "four"}}};

class Store : public testing::TestWithParam<MapMode> {
 protected:
  Store() : store_(2, mode()) {}

  static MapMode mode() {
    return supported_map_mode() == MapMode::kPrivate ? MapMode::kPrivate : GetParam();
  }
  void stage(const SealedImage& image) {
    for (const auto& object : image.objects) {
      ASSERT_TRUE(store_.objects().stage(object.message, object.fd.get()));
      ASSERT_EQ(store_.objects().last_fault(), "");
    }
  }
  Result<ImageStore::Outcome> offer(const SealedOffer& image) {
    return store_.publish(image.offer, image.manifest.get());
  }
  std::string fault_of(const SealedOffer& image) {
    const auto outcome = offer(image);
    return outcome.ok() ? "" : outcome.error().text;
  }
  // Until `kind` of `generation` has come, or 5 s. It may have come beside an earlier event.
  bool wait_for(Kind kind, std::uint64_t generation) {
    const auto is_it = [&](const StoreEvent& event) {
      return event.kind == kind && event.generation == generation;
    };
    const auto end = ImageStore::Clock::now() + std::chrono::seconds(5);
    while (std::none_of(events_.begin(), events_.end(), is_it)) {
      if (ImageStore::Clock::now() >= end) {
        return false;
      }
      const auto events = store_.poll();
      events_.insert(events_.end(), events.begin(), events.end());
      std::this_thread::yield();
    }
    return true;
  }
  // Moves the store on for a while; true when nothing happened.
  bool quiet() {
    bool quiet = true;
    for (int i = 0; i < 200; ++i) {
      quiet = store_.poll().empty() && quiet;
      std::this_thread::sleep_for(std::chrono::microseconds(100));
    }
    return quiet;
  }
  // What poll() says at `now`, with nothing else in it than `kind`.
  std::size_t events(Kind kind, ImageStore::Clock::time_point now) {
    const auto events = store_.poll(now);
    EXPECT_TRUE(std::all_of(events.begin(), events.end(),
                            [&](const StoreEvent& event) { return event.kind == kind; }));
    return events.size();
  }
  void publish(const SealedImage& image) {
    stage(image);
    const auto outcome = offer(image);
    ASSERT_TRUE(outcome.ok()) << outcome.error().text;
    ASSERT_EQ(*outcome, ImageStore::Outcome::kStarted);
    ASSERT_TRUE(wait_for(Kind::kPublished, image.offer.generation));
  }
  std::string served(const std::string& name) {
    const auto file = store_.current()->view.find(name);
    return file ? std::string(reinterpret_cast<const char*>(file->content), file->record->length)
                : "(none)";
  }

  ImageStore store_;
  std::vector<StoreEvent> events_;  // that wait_for() has seen
};
INSTANTIATE_TEST_SUITE_P(Modes, Store, testing::Values(MapMode::kShared, MapMode::kPrivate),
                         [](const auto& mode) {
                           return mode.param == MapMode::kShared ? "shared" : "private";
                         });

constexpr const char* kPhone = "sep001122334455.cnf.xml";

TEST_P(Store, ServesNothingBeforeTheFirstPublish) {
  EXPECT_EQ(store_.current(), nullptr);
  EXPECT_EQ(store_.manifest(), nullptr);
  FakeWorker worker(store_);
  EXPECT_FALSE(worker.begin(kPhone));
}

TEST_P(Store, PublishesBaseAndDelta) {
  FakeWorker worker(store_);
  publish(SealedImage(7, {kBase, kOne}, 200, 1, 201));
  EXPECT_EQ(store_.manifest()->generation, 7u);
  EXPECT_EQ(served(kPhone), "one");
  EXPECT_EQ(served("ringlist.xml"), "rings");
  ASSERT_TRUE(worker.begin("load.bin"));
  EXPECT_EQ(worker.content(), std::string(70000, 'l'));
  worker.end();
}

TEST_P(Store, TransferEndsOnItsOldBytesAndThenTheSegmentGoes) {
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

TEST_P(Store, SharedSegmentOutlivesTheGenerationThatBroughtIt) {
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

TEST_P(Store, HungWorkerHoldsThePublishButNotTheCaller) {
  FakeWorker worker(store_);
  publish(SealedImage(1, {kOne}, 200));
  worker.hang();
  const SealedImage second(2, {kTwo}, 201);
  stage(second);
  ASSERT_TRUE(offer(second).ok());
  EXPECT_TRUE(quiet());
  EXPECT_TRUE(store_.publishing());
  EXPECT_EQ(served(kPhone), "two") << "the pointer is exchanged at once";
  worker.resume();
  EXPECT_TRUE(wait_for(Kind::kPublished, 2));
}

TEST_P(Store, BusyAtThreeLiveGenerationsAndFreeInAnyOrder) {
  FakeWorker first(store_);
  FakeWorker second(store_, 1);
  publish(SealedImage(1, {kOne}, 200));
  ASSERT_TRUE(first.begin(kPhone));
  publish(SealedImage(2, {kTwo}, 201));
  ASSERT_TRUE(second.begin(kPhone));
  publish(SealedImage(3, {kThree}, 202));
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

// Two generations are read for ever, the third is served, the fourth waits.
TEST_P(Store, DrainDeadlineCountsWhileAnOfferWaits) {
  FakeWorker first(store_);
  FakeWorker second(store_, 1);
  publish(SealedImage(1, {kBase, kOne}, 200));
  ASSERT_TRUE(first.begin(kPhone));
  publish(SealedImage(2, {kTwo}, 201));
  ASSERT_TRUE(second.begin(kPhone));
  publish(SealedImage(3, {kThree}, 202));
  const std::uint16_t slot_of_three = store_.current()->slots[0];
  ASSERT_TRUE(quiet());  // the segment that nobody reads is gone
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

TEST_P(Store, DrainDeadlineEndsWithTheControlThatWaits) {
  FakeWorker first(store_);
  FakeWorker second(store_, 1);
  publish(SealedImage(1, {kOne}, 200));
  ASSERT_TRUE(first.begin(kPhone));
  publish(SealedImage(2, {kTwo}, 201));
  ASSERT_TRUE(second.begin(kPhone));
  publish(SealedImage(3, {kThree}, 202));
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

TEST_P(Store, TellsWhatEachLiveGenerationKeepsMapped) {
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

TEST_P(Store, SegmentThatDrainsCanComeBack) {
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

TEST_P(Store, RejectedOfferChangesNothing) {
  FakeWorker worker(store_);
  publish(SealedImage(5, {kBase, kOne}, 200, 1, 201));
  const std::uint64_t mapped = store_.mapped_bytes();
  const abi::LiveImage* image = store_.current();

  EXPECT_EQ(fault_of(SealedImage(5, {kBase, kOne}, 200, 1, 201)),
            "generation 5 is not newer than 5, which is served");
  EXPECT_EQ(fault_of(SealedImage(6, {kBase, kTwo}, 200, 1, 202)),
            "segment 0000000000000066 is not here: send it first");
  SealedImage wrong_digest(6, {kBase, kOne}, 200, 1, 201);
  wrong_digest.offer.digest.low ^= 1;
  EXPECT_EQ(fault_of(wrong_digest), "manifest: its digest is not the one of the offer");
  SealedImage wrong_number(6, {kBase, kOne}, 200, 1, 201);
  wrong_number.offer.generation = 7;
  EXPECT_EQ(fault_of(wrong_number), "manifest: it is generation 6, the offer says 7");
  SealedImage too_long(6, {kBase, kOne}, 200, 1, 201);
  too_long.offer.size = std::uint64_t{1} << 40;
  EXPECT_EQ(fault_of(too_long), "manifest: 1099511627776 bytes are too long");

  EXPECT_EQ(store_.current(), image);
  EXPECT_EQ(store_.mapped_bytes(), mapped);
  EXPECT_EQ(served(kPhone), "one");
  EXPECT_EQ(store_.live_generations(), 1u);
}

TEST_P(Store, PublishedIndexIsBoundToItsSegments) {
  FakeWorker worker(store_);
  const SealedImage first(1, {kBase, kOne}, 200);
  publish(first);
  const auto& objects = first.objects;
  EXPECT_EQ(
      fault_of(test::make_offer(2, {&objects[1], &objects[0]}, objects[2], nullptr, 3)),
      "index 00000000000000c8 was published with other segments; give the new index a new id");
  EXPECT_EQ(
      fault_of(test::make_offer(2, {&objects[0]}, objects[2], nullptr, 3)),
      "index 00000000000000c8 was published with other segments; give the new index a new id");
  EXPECT_EQ(fault_of(test::make_offer(2, {&objects[0], &objects[1]}, objects[2], nullptr, 3)), "");
  EXPECT_TRUE(wait_for(Kind::kPublished, 2));
  EXPECT_EQ(served(kPhone), "one");
}

TEST_P(Store, IndexThatLiesIsRejected) {
  FakeWorker worker(store_);
  const SealedImage image(1, {kBase, kOne}, 200);
  stage(image);
  const auto& objects = image.objects;
  // The first segment is missing from the manifest, so the numbers in the index point elsewhere.
  EXPECT_NE(fault_of(test::make_offer(1, {&objects[0]}, objects[2], nullptr, 3)), "");
  EXPECT_NE(fault_of(test::make_offer(1, {&objects[1], &objects[0]}, objects[2], nullptr, 3)), "");
  // A segment in place of an index.
  EXPECT_NE(fault_of(test::make_offer(1, {&objects[0]}, objects[1], nullptr, 3)), "");
  EXPECT_EQ(store_.current(), nullptr);
  publish(image);
}

TEST_P(Store, StagedObjectsAreForgottenByDropAndByPublish) {
  FakeWorker worker(store_);
  publish(SealedImage(1, {kOne}, 200));
  const std::uint64_t mapped = store_.mapped_bytes();
  stage(SealedImage(2, {kTwo}, 201));
  EXPECT_GT(store_.mapped_bytes(), mapped);
  store_.objects().drop_staged();
  EXPECT_EQ(store_.mapped_bytes(), mapped);
  stage(SealedImage(2, {kTwo}, 201));
  publish(SealedImage(3, {kThree}, 202));
  ASSERT_TRUE(wait_for(Kind::kRetired, 1));
  EXPECT_EQ(store_.mapped_bytes(), mapped);
}

TEST_P(Store, SegmentSentAgainWhileItDrainsStaysKnown) {
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

TEST_P(Store, SegmentSentAgainWhileItDrainsIsForgottenByDrop) {
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

TEST_P(Store, ObjectOfAKnownIdCannotBeReplaced) {
  publish(SealedImage(1, {kOne}, 200));
  const SealedImage other(2, {{101, {{kPhone, "changed under the same id"}}}}, 201);
  EXPECT_TRUE(store_.objects().stage(other.objects[0].message, other.objects[0].fd.get()));
  EXPECT_EQ(store_.objects().last_fault(),
            "segment 0000000000000065: another object with this id is mapped; choose a new random "
            "id");
  EXPECT_NE(fault_of(other), "");
  EXPECT_EQ(served(kPhone), "one");
}

}  // namespace
}  // namespace dialtone::image
