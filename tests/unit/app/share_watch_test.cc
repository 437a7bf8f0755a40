// SPDX-License-Identifier: Apache-2.0
#include "dataplane/app/share_watch.h"

#include <gtest/gtest.h>

#include <array>

namespace dialtone::app {
namespace {

using std::chrono::seconds;

class Shares : public testing::Test {
 protected:
  // What is said when the two have got so many frames more, five seconds later.
  std::optional<ShareWatch::Finding> after(std::uint64_t first, std::uint64_t second) {
    received_[0] += first;
    received_[1] += second;
    now_ += ShareWatch::kSpan;
    return watch_.look(received_, now_);
  }

  ShareWatch watch_;
  ShareWatch::Clock::time_point now_{};
  std::array<std::uint64_t, 2> received_{};
};

TEST_F(Shares, OneWorkerWithAllUnderLoadIsSaidOnce) {
  EXPECT_FALSE(after(1'000'000, 0)) << "since when is not known";
  EXPECT_FALSE(after(49'000, 0)) << "no load";
  EXPECT_FALSE(after(900'000, 100'000)) << "90 of 100 are borne";
  EXPECT_FALSE(watch_.look(std::array<std::uint64_t, 2>{9'000'000, 0}, now_ + seconds(1)));
  const auto found = after(1'000, 99'000);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->worker, 1u);
  EXPECT_EQ(found->percent, 99u);
  EXPECT_FALSE(after(0, 1'000'000)) << "once";
}

}  // namespace
}  // namespace dialtone::app
