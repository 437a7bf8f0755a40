// SPDX-License-Identifier: Apache-2.0
//
// What is offered after a change, and when.
#include "dataplane/abi/name_key.h"
#include "tests/unit/control_publish/publisher_fixture.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace dialtone::publish {
namespace {

TEST_F(PublisherTest, ServesWhatIsBuilt) {
  start_dataplane();
  change("a", "one");
  run();
  EXPECT_EQ(state(), PublishState::kPublished) << log_;
  EXPECT_EQ(publisher_->generation(), 1u);
  EXPECT_EQ(dataplane_->content("a"), "one");
}

TEST_F(PublisherTest, AChangeSendsOnlyTheDifference) {
  start_dataplane();
  change("a", "one");
  run();
  const std::size_t before = dataplane_->store().objects().size();
  change("b", "two");
  run();
  EXPECT_EQ(dataplane_->content("a"), "one");
  EXPECT_EQ(dataplane_->content("b"), "two");
  EXPECT_EQ(dataplane_->store().objects().size(), before + 2);  // a segment and the delta
}

TEST_F(PublisherTest, ATombstoneIsPublishedWithoutAnythingElse) {
  start_dataplane();
  change("a", "one");
  run();
  change("b", "two");
  run();
  const std::size_t objects = dataplane_->store().objects().size();
  publisher_->say_absent("nosuch", now_ + std::chrono::seconds(10));
  publisher_->say_absent("a", now_ + std::chrono::seconds(10));  // it is there after all
  run();
  EXPECT_EQ(publisher_->generation(), 3u);
  EXPECT_EQ(dataplane_->store().objects().size(), objects);
  const abi::ImageView& view = dataplane_->store().current()->view;
  EXPECT_EQ(view.manifest().tombstone_count, 1U);
  const auto* tombstone = view.find_tombstone(abi::name_key("nosuch", view.seed()));
  ASSERT_NE(tombstone, nullptr);
  EXPECT_LE(tombstone->left_ms, 10000U);
  EXPECT_GE(tombstone->left_ms, 9000U);
  run();
  EXPECT_EQ(publisher_->generation(), 3u) << "once";
  now_ += std::chrono::seconds(11);
  change("c", "three");
  run();
  EXPECT_EQ(dataplane_->store().current()->view.manifest().tombstone_count, 0U);
}

TEST_F(PublisherTest, TombstonesAreBoundedAndTheNewestStay) {
  start_dataplane();
  change("a", "one");
  run();
  for (int i = 0; i < 5000; ++i) {
    publisher_->say_absent("n" + std::to_string(i), now_ + std::chrono::seconds(10));
  }
  run();
  EXPECT_EQ(publisher_->generation(), 2u);
  const abi::ImageView& view = dataplane_->store().current()->view;
  EXPECT_EQ(view.manifest().tombstone_count, abi::kMaxTombstones);
  EXPECT_NE(view.find_tombstone(abi::name_key("n4999", view.seed())), nullptr);
  EXPECT_EQ(view.find_tombstone(abi::name_key("n0", view.seed())), nullptr);
}

TEST_F(PublisherTest, BusyIsWaitedOutAndTheNewestStateFollows) {
  start_dataplane();
  change("a", "one");
  run();
  // A transfer pins the segment of each generation, and each compact() leaves that segment behind.
  abi::Pins pins = dataplane_->store().pins(0);
  std::vector<std::uint16_t> pinned;
  for (const char* content : {"two", "three", "four", "five"}) {
    const abi::LiveImage* live = dataplane_->store().current();
    pinned.push_back(live->slots[live->view.find("a")->segment]);
    pins.pin(pinned.back());
    change("a", content);
    ASSERT_TRUE(image_.compact().ok());
    run();
  }
  EXPECT_EQ(state(), PublishState::kPending);
  EXPECT_EQ(dataplane_->content("a"), "three");
  const std::string why = publisher_->why(state());
  EXPECT_NE(why.find("slow transfers: generation 1 (1 transfer, "), std::string::npos) << why;
  for (const std::uint16_t slot : pinned) {
    pins.unpin(slot);
  }
  run();
  EXPECT_EQ(state(), PublishState::kPublished);
  EXPECT_EQ(dataplane_->content("a"), "five");
}

}  // namespace
}  // namespace dialtone::publish
