// SPDX-License-Identifier: Apache-2.0
#include "dataplane/app/rise_watch.h"

#include <gtest/gtest.h>

namespace dialtone::app {
namespace {

using std::chrono::seconds;

TEST(RiseWatch, SaysSoAtOnceThenOnceAMinute) {
  const RiseWatch::Clock::time_point start{};
  RiseWatch watch;
  EXPECT_EQ(watch.look(0, start), 0u);
  EXPECT_EQ(watch.look(3, start + seconds(1)), 3u);
  EXPECT_EQ(watch.look(5, start + seconds(60)), 0u) << "not yet";
  EXPECT_EQ(watch.look(6, start + seconds(61)), 3u) << "what came meanwhile with it";
  EXPECT_EQ(watch.look(6, start + seconds(200)), 0u) << "nothing new";
  EXPECT_EQ(watch.look(7, start + seconds(201)), 1u);
}

}  // namespace
}  // namespace dialtone::app
