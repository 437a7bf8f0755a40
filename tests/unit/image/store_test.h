// SPDX-License-Identifier: Apache-2.0
//
// A store for two workers, in each way of mapping, and what the tests of it publish.
#pragma once

#include "dataplane/image/image_store.h"
#include "tests/support/sealed_image.h"
#include "tests/unit/image/fake_worker.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

namespace dialtone::image {

inline constexpr const char* kPhone = "sep001122334455.cnf.xml";

inline const test::SealedSegment kBase{
    100, {{"ringlist.xml", "rings"}, {"load.bin", std::string(70000, 'l')}}};
inline const test::SealedSegment kOne{101, {{kPhone, "one"}}};
inline const test::SealedSegment kTwo{102, {{kPhone, "two"}}};
inline const test::SealedSegment kThree{103, {{kPhone, "three"}}};
inline const test::SealedSegment kFour{104, {{kPhone, "four"}}};

inline std::string mode_name(const testing::TestParamInfo<MapMode>& mode) {
  return mode.param == MapMode::kShared ? "shared" : "private";
}

class StoreTest : public testing::TestWithParam<MapMode> {
 protected:
  using Kind = StoreEvent::Kind;
  using SealedImage = test::SealedImage;

  StoreTest() : store_(2, mode()) {}

  static MapMode mode() {
    return supported_map_mode() == MapMode::kPrivate ? MapMode::kPrivate : GetParam();
  }
  void stage(const SealedImage& image) {
    for (const auto& object : image.objects) {
      ASSERT_TRUE(store_.objects().stage(object.message, object.fd.get()));
      ASSERT_EQ(store_.objects().last_fault(), "");
    }
  }
  Result<ImageStore::Outcome> offer(const test::SealedOffer& image) {
    return store_.publish(image.offer, image.manifest.get());
  }
  std::string fault_of(const test::SealedOffer& image) {
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
  // Generations 1 and 2 are read by these, and 3 is served. A segment of 1 that nobody reads is
  // gone.
  void publish_three(test::FakeWorker& first, test::FakeWorker& second) {
    publish(SealedImage(1, {kBase, kOne}, 200));
    ASSERT_TRUE(first.begin(kPhone));
    publish(SealedImage(2, {kTwo}, 201));
    ASSERT_TRUE(second.begin(kPhone));
    publish(SealedImage(3, {kThree}, 202));
    ASSERT_TRUE(quiet());
  }
  std::string served(const std::string& name) {
    const auto file = store_.current()->view.find(name);
    return file ? std::string(reinterpret_cast<const char*>(file->content), file->record->length)
                : "(none)";
  }

  ImageStore store_;
  std::vector<StoreEvent> events_;  // that wait_for() has seen
};

}  // namespace dialtone::image
