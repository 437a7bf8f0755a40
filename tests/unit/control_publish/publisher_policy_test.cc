// SPDX-License-Identifier: Apache-2.0
//
// A policy on its way to the dataplane, with files or without.
#include "dataplane/abi/client_prefixes.h"
#include "tests/unit/control_publish/publisher_fixture.h"

#include <gtest/gtest.h>

#include <string>

namespace dialtone::publish {
namespace {

using PublisherPolicyTest = PublisherTest;

TEST_F(PublisherPolicyTest, APolicyIsPublishedAlone) {
  start_dataplane();
  change("a", "one");
  run();
  const std::size_t before = dataplane_->store().objects().size();
  policy_.policy.max_sessions = 30;
  policy_.clients = {{0, 0, 0, 0}, {0, 0xffff0a000000, 1, 0}};
  run();
  EXPECT_EQ(publisher_->generation(), 2u) << log_;
  EXPECT_EQ(dataplane_->content("a"), "one");
  const abi::Manifest& manifest = dataplane_->store().current()->view.manifest();
  EXPECT_EQ(manifest.policy.max_sessions, 30u);
  ASSERT_EQ(manifest.client_range_count, 2u);
  EXPECT_EQ(abi::client_ranges(manifest)[1].low, 0xffff0a000000u);
  EXPECT_EQ(dataplane_->store().objects().size(), before);
  run();
  EXPECT_EQ(publisher_->generation(), 2u) << "once";
}

TEST_F(PublisherPolicyTest, AControlThatComesBackWithAnotherPolicyPublishesIt) {
  start_dataplane();
  change("a", "one");
  run();
  publisher_.reset();
  run_dataplane();
  start_control();
  run();
  EXPECT_EQ(publisher_->generation(), 1u) << "nothing has changed";
  publisher_.reset();
  run_dataplane();
  policy_.policy.max_sessions = 7;
  start_control();
  run();
  EXPECT_EQ(publisher_->generation(), 2u);
  EXPECT_EQ(dataplane_->store().current()->view.policy().max_sessions, 7U);
}

TEST_F(PublisherPolicyTest, APolicyThatIsRefusedWhileItsFilesAreServedIsKnown) {
  start_dataplane();
  change("a", "one");
  run();
  EXPECT_EQ(publisher_->policy_state(), PublishState::kPublished);
  policy_.policy.retransmit_ms = 1;  // below what the validator takes
  run();
  EXPECT_EQ(state(), PublishState::kPublished);
  EXPECT_EQ(publisher_->policy_state(), PublishState::kRefused);
  EXPECT_EQ(publisher_->passing_refusal(), "");
  // As at the end of a build that clients should have been told of.
  policy_.policy.retransmit_ms = 1000;
  run();
  EXPECT_EQ(publisher_->policy_state(), PublishState::kPublished);
  EXPECT_NE(publisher_->passing_refusal().find("refused generation 2, so clients were not told"),
            std::string::npos)
      << publisher_->passing_refusal();
  publisher_->retry_refused();
  EXPECT_EQ(publisher_->passing_refusal(), "");
}

TEST_F(PublisherPolicyTest, AControlThatComesBackWithAPolicyThatIsRefusedServesTheSameFiles) {
  start_dataplane();
  change("a", "one");
  run();
  publisher_.reset();
  run_dataplane();
  policy_.policy.retransmit_ms = 1;
  start_control();
  run();
  EXPECT_EQ(state(), PublishState::kPublished);
  EXPECT_EQ(publisher_->policy_state(), PublishState::kRefused);
  EXPECT_NE(log_.find("with the same files, under another policy"), std::string::npos) << log_;
}

}  // namespace
}  // namespace dialtone::publish
