// SPDX-License-Identifier: Apache-2.0
//
// Control's publisher against the dataplane's real OfferServer and ImageStore, in one thread: each
// step of the one is followed by a step of the other.
#include "control/publish/publisher.h"

#include "control/image/policy.h"
#include "control/image/segment_stack.h"
#include "dataplane/abi/client_prefixes.h"
#include "dataplane/abi/name_key.h"
#include "dataplane/image/offer_server.h"
#include "tests/support/temp_folder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>

namespace dialtone::publish {
namespace {

using std::chrono::milliseconds;

// One dataplane: store and offer socket, with no worker to wait for.
class Dataplane {
 public:
  explicit Dataplane(const std::string& socket)
      : store_(1, image::supported_map_mode()),
        server_(*image::OfferServer::listen({.path = socket}, store_,
                                            [](image::Severity, const std::string&) {})) {}

  void step() { server_.step(); }
  image::ImageStore& store() { return store_; }

  std::string content(const std::string& name) {
    const abi::LiveImage* live = store_.current();
    const auto file = live == nullptr ? std::nullopt : live->view.find(name);
    return file ? std::string(reinterpret_cast<const char*>(file->content), file->record->length)
                : "(none)";
  }

 private:
  image::ImageStore store_;
  image::OfferServer server_;
};

class PublisherTest : public testing::Test {
 protected:
  PublisherTest() { start_control(); }

  void start_control() {
    publisher_.emplace(folder_.file("dp.sock"), image_, policy_,
                       [this](Severity, const std::string& line) { log_ += line + "\n"; });
  }

  void change(const std::string& name, const std::string& content) {
    image_build::SegmentStack stack;
    auto room = stack.begin(name, content.size());
    std::copy(content.begin(), content.end(), reinterpret_cast<char*>(room->data()));
    stack.commit(content.size(), {});
    auto written = stack.finish();
    ASSERT_TRUE(written.ok());
    if (image_.version() == 0) {
      image_build::FileTable files;
      for (auto& [key, entry] : *written) {
        files.put(key, std::move(entry));
      }
      ASSERT_TRUE(image_.rebase(std::move(files)).ok());
    } else {
      ASSERT_TRUE(image_.apply({*std::move(written), {}}).ok());
    }
  }

  void run(int turns = 20) {
    for (int i = 0; i < turns; ++i) {
      now_ += milliseconds(50);
      publisher_->step(now_);
      if (dataplane_) {
        dataplane_->step();
      }
    }
  }
  void run_dataplane() {
    for (int i = 0; i < 20; ++i) {
      dataplane_->step();
    }
  }
  void start_dataplane() { dataplane_.emplace(folder_.file("dp.sock")); }

  PublishState state() { return publisher_->state(image_.version()); }

  test::TempFolder folder_;
  image_build::Image image_;
  image_build::ServedPolicy policy_{image_build::default_policy(), {}};
  std::string log_;
  std::optional<Publisher> publisher_;
  std::optional<Dataplane> dataplane_;
  Publisher::Clock::time_point now_{};
};

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

TEST_F(PublisherTest, APolicyIsPublishedAlone) {
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

TEST_F(PublisherTest, AControlThatComesBackWithAnotherPolicyPublishesIt) {
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

TEST_F(PublisherTest, APolicyThatIsRefusedWhileItsFilesAreServedIsKnown) {
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

TEST_F(PublisherTest, AControlThatComesBackWithAPolicyThatIsRefusedServesTheSameFiles) {
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

TEST_F(PublisherTest, WaitsForADataplaneThatComesLater) {
  EXPECT_NE(publisher_->why(PublishState::kPending).find("nothing was built"), std::string::npos);
  change("a", "one");
  run();
  EXPECT_EQ(state(), PublishState::kPending);
  EXPECT_NE(publisher_->why(state()).find("no dataplane is connected"), std::string::npos);
  start_dataplane();
  run();
  EXPECT_EQ(state(), PublishState::kPublished);
}

TEST_F(PublisherTest, ADataplaneThatComesBackGetsEverything) {
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

TEST_F(PublisherTest, AControlThatComesBackWithTheSameFilesOffersNothing) {
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

TEST_F(PublisherTest, ARefusalIsReportedOnceAndTheOldStateServedOn) {
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

TEST_F(PublisherTest, ARefusalIsForgottenWhenADataplaneComesOrSomebodyAsks) {
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

TEST_F(PublisherTest, ADataplaneThatRefusesTheNewestGetsTheLastGoodOne) {
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
TEST_F(PublisherTest, ATombstoneOfARefusedOfferIsPublishedAfterTheLastGoodOne) {
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

TEST_F(PublisherTest, AnObjectThatCameWithARefusedOfferIsSentAgain) {
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

TEST_F(PublisherTest, ASecondControlIsTurnedAwayAndTriesAgain) {
  start_dataplane();
  change("a", "one");
  run();
  Publisher second(folder_.file("dp.sock"), image_, policy_,
                   [this](Severity, const std::string& line) { log_ += line + "\n"; });
  for (int i = 0; i < 10; ++i) {
    now_ += milliseconds(10);
    second.step(now_);
    dataplane_->step();
  }
  EXPECT_NE(log_.find("another control is connected"), std::string::npos);
  EXPECT_EQ(second.state(1), PublishState::kPending);
  EXPECT_EQ(state(), PublishState::kPublished);
}

TEST_F(PublisherTest, AStrangerOnTheSocketIsNoDataplane) {
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
