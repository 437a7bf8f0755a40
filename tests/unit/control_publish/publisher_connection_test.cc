// SPDX-License-Identifier: Apache-2.0
//
// Control and dataplane begin and end in any order.
#include "dataplane/base/unix_listener.h"
#include "dataplane/base/unix_socket.h"
#include "tests/unit/control_publish/publisher_fixture.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace dialtone::publish {
namespace {

using PublisherConnectionTest = PublisherTest;

TEST_F(PublisherConnectionTest, WaitsForADataplaneThatComesLater) {
  EXPECT_NE(publisher_->why(PublishState::kPending).find("nothing was built"), std::string::npos);
  change("a", "one");
  run();
  EXPECT_EQ(state(), PublishState::kPending);
  EXPECT_NE(publisher_->why(state()).find("no dataplane is connected"), std::string::npos);
  start_dataplane();
  run();
  EXPECT_EQ(state(), PublishState::kPublished);
}

TEST_F(PublisherConnectionTest, ADataplaneThatComesBackGetsEverything) {
  start_dataplane();
  change("a", "one");
  run();
  change("b", "two");
  run();
  dataplane_.reset();
  run();
  EXPECT_EQ(publisher_->hello(), nullptr);
  start_dataplane();
  run();
  EXPECT_EQ(dataplane_->content("a"), "one");
  EXPECT_EQ(dataplane_->content("b"), "two");
  EXPECT_EQ(state(), PublishState::kPublished);
  EXPECT_EQ(publisher_->generation(), 3u);  // numbers never go back
}

TEST_F(PublisherConnectionTest, AControlThatComesBackWithTheSameFilesOffersNothing) {
  start_dataplane();
  change("a", "one");
  run();
  publisher_.reset();
  start_control();
  run();
  EXPECT_EQ(state(), PublishState::kPublished);
  EXPECT_EQ(publisher_->generation(), 1u);
  // And what it changes then is served, though the dataplane knows none of its objects.
  change("a", "two");
  run();
  EXPECT_EQ(dataplane_->content("a"), "two");
  EXPECT_EQ(publisher_->generation(), 2u);
}

TEST_F(PublisherConnectionTest, ASecondControlIsTurnedAwayAndTriesAgain) {
  start_dataplane();
  change("a", "one");
  run();
  Publisher second(folder_.file("dp.sock"), image_, policy_,
                   [this](Severity, const std::string& line) { log_ += line + "\n"; });
  for (int i = 0; i < 10; ++i) {
    now_ += std::chrono::milliseconds(10);
    second.step(now_);
    dataplane_->step();
  }
  EXPECT_NE(log_.find("another control is connected"), std::string::npos);
  EXPECT_EQ(second.state(1), PublishState::kPending);
  EXPECT_EQ(state(), PublishState::kPublished);
}

TEST_F(PublisherConnectionTest, AStrangerOnTheSocketIsNoDataplane) {
  auto listener = UnixListener::open(folder_.file("dp.sock"), SocketType::kSeqPacket);
  ASSERT_TRUE(listener.ok());
  publisher_->step(now_);
  auto stranger = listener->accept();
  ASSERT_TRUE(stranger.ok() && *stranger);
  ASSERT_TRUE(send_message((*stranger)->get(), std::as_bytes(std::span("hello there")), {}).ok());
  publisher_->step(now_);
  EXPECT_NE(log_.find("offer protocol"), std::string::npos) << log_;
  EXPECT_EQ(publisher_->hello(), nullptr);
}

}  // namespace
}  // namespace dialtone::publish
