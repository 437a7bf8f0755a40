// SPDX-License-Identifier: Apache-2.0
//
// What is published and what is refused. Real threads are the workers.
#include "tests/unit/image/store_test.h"

namespace dialtone::image {
namespace {

using test::FakeWorker;

class Store : public StoreTest {};
INSTANTIATE_TEST_SUITE_P(Modes, Store, testing::Values(MapMode::kShared, MapMode::kPrivate),
                         mode_name);

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
