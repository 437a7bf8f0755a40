// SPDX-License-Identifier: Apache-2.0
//
// What a refusal changes, and what ends it.
#include "tests/unit/control_publish/publisher_fixture.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace dialtone::publish {
namespace {

using PublisherRefusalTest = PublisherTest;

TEST_F(PublisherRefusalTest, ARefusalIsReportedOnceAndTheOldStateServedOn) {
  start_dataplane();
  change("a", "one");
  run();
  policy_.policy.retransmit_ms = 1;  // below what the validator takes
  change("a", "two");
  run();
  EXPECT_EQ(state(), PublishState::kRefused);
  EXPECT_NE(publisher_->why(state()).find("retransmit_ms"), std::string::npos);
  EXPECT_EQ(dataplane_->content("a"), "one");
  EXPECT_EQ(std::count(log_.begin(), log_.end(), '\n'), 3)
      << log_;  // connected, published, refused
  policy_.policy.retransmit_ms = 1000;
  change("a", "three");
  run();
  EXPECT_EQ(dataplane_->content("a"), "three");
}

TEST_F(PublisherRefusalTest, ARefusalIsForgottenWhenADataplaneComesOrSomebodyAsks) {
  start_dataplane();
  change("a", "one");
  policy_.policy.retransmit_ms = 1;
  run();
  EXPECT_EQ(state(), PublishState::kRefused);
  EXPECT_EQ(dataplane_->content("a"), "(none)");
  policy_.policy.retransmit_ms = 1000;
  dataplane_.reset();
  run();
  start_dataplane();
  run();
  EXPECT_EQ(dataplane_->content("a"), "one");
  policy_.policy.retransmit_ms = 1;
  change("a", "two");
  run();
  EXPECT_EQ(state(), PublishState::kRefused);
  policy_.policy.retransmit_ms = 1000;
  publisher_->retry_refused();
  run();
  EXPECT_EQ(dataplane_->content("a"), "two");
}

// As for a caller who has the state of before.
TEST_F(PublisherRefusalTest, ThereIsNoReasonForWhatIsNotRefused) {
  start_dataplane();
  change("a", "one");
  run();
  EXPECT_EQ(publisher_->why(PublishState::kRefused), "");
}

TEST_F(PublisherRefusalTest, ADataplaneThatRefusesTheNewestGetsTheLastGoodOne) {
  start_dataplane();
  change("a", "one");
  run();
  policy_.policy.retransmit_ms = 1;
  change("a", "two");
  run();
  EXPECT_EQ(dataplane_->content("a"), "one");
  dataplane_.reset();
  run();
  start_dataplane();
  run();
  EXPECT_EQ(dataplane_->content("a"), "one");
  EXPECT_EQ(state(), PublishState::kRefused);
  EXPECT_NE(publisher_->why(state()).find("retransmit_ms"), std::string::npos);
}

// What the last good generation holds is what it held when it was made.
TEST_F(PublisherRefusalTest, ATombstoneOfARefusedOfferIsPublishedAfterTheLastGoodOne) {
  start_dataplane();
  change("a", "one");
  run();
  dataplane_.reset();
  run();
  publisher_->say_absent("nosuch", now_ + std::chrono::seconds(10));
  policy_.policy.retransmit_ms = 1;
  start_dataplane();
  run();
  EXPECT_EQ(dataplane_->content("a"), "one") << log_;
  EXPECT_EQ(dataplane_->store().current()->view.manifest().tombstone_count, 0U);
  policy_.policy.retransmit_ms = 1000;
  run();
  EXPECT_EQ(dataplane_->store().current()->view.manifest().tombstone_count, 1U) << log_;
}

TEST_F(PublisherRefusalTest, AnObjectThatCameWithARefusedOfferIsSentAgain) {
  start_dataplane();
  change("a", "one");
  run();
  policy_.policy.retransmit_ms = 1;
  change("b", "two");
  run();
  policy_.policy.retransmit_ms = 1000;
  // As a dataplane whose memory was short loses what it was sent.
  dataplane_->store().objects().drop_staged();
  change("c", "three");
  run();
  EXPECT_EQ(state(), PublishState::kPublished) << log_;
  EXPECT_EQ(dataplane_->content("b"), "two");
}

}  // namespace
}  // namespace dialtone::publish
