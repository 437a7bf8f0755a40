// SPDX-License-Identifier: Apache-2.0
//
// Two workers that serve while each call of theirs is counted, so that frames are handed over;
// idle_sleep_us is 0 unless a test says otherwise. A program of its own (counted_calls.h).
#pragma once

#include "control/image/policy.h"
#include "tests/component/counted_calls.h"
#include "tests/component/dataplane_fixture.h"
#include "tests/component/patience.h"
#include "tests/component/thread_watch.h"

#include <string>

namespace dialtone::test {

inline const std::string kOld(9000, 'o');
inline const std::string kNew(9000, 'n');

inline SealedImage image_of(std::uint64_t generation, const std::string& content,
                            const ManifestExtras& extras = {}) {
  return SealedImage(generation, {{1000 + generation, {{"one.bin", content}, {"empty", ""}}}},
                     2000 + generation, 0, 0, extras);
}

// With the limits that control ships.
inline SealedImage limited_image(std::uint64_t generation, const std::string& content) {
  return image_of(generation, content, {image_build::default_policy(), {}});
}

// Before the workers start: they have the filter from then on.
struct Watch {
  const std::string trouble = watch_workers();
};

class QuietWorkers : Watch, public Dataplane {
 protected:
  explicit QuietWorkers(DataplaneConfig config = {}) : Dataplane(with_two_workers(config)) {}
  static DataplaneConfig with_two_workers(DataplaneConfig config) {
    config.workers = 2;
    config.punts_per_second = 1000;
    return config;
  }
  void SetUp() override {
    if (!trouble.empty()) {
      GTEST_SKIP() << trouble;
    }
  }

  // Each worker has begun a turn, and ended it, since this was called.
  void wait_for_turns() {
    for (std::uint32_t worker = 0; worker < workers_.size(); ++worker) {
      const std::uint64_t now = workers_[worker].heartbeat();
      ASSERT_TRUE(comes_true([&] { return workers_[worker].heartbeat() >= now + 2; })) << worker;
    }
  }
  void begin() {
    wait_for_turns();
    begin_counting();
  }
  Calls end() {
    wait_for_turns();
    return end_counting();
  }

  void expect_answer(const std::string& frame, std::uint32_t queue) {
    wire_.send(frame, queue);
    EXPECT_TRUE(wire_.receive().has_value());
  }
};

inline void expect_none(const Calls& calls) {
  EXPECT_EQ(calls.allocations, 0u);
  EXPECT_EQ(calls.locks, 0u);
  EXPECT_EQ(calls.system_calls, 0u) << "the last one has the number " << calls.last_system_call;
}

}  // namespace dialtone::test
