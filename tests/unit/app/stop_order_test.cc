// SPDX-License-Identifier: Apache-2.0
#include "dataplane/app/stop_order.h"

#include <gtest/gtest.h>

namespace dialtone::app {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using End = StopOrder::End;

constexpr StopOrder::Clock::time_point kStart{};

TEST(StopOrder, WithoutASignalItServesOn) {
  EXPECT_EQ(StopOrder(seconds(8)).look(true, kStart + seconds(1000)), End::kNotYet);
}

TEST(StopOrder, SigtermWaitsUntilNoTransferIsLeft) {
  StopOrder order{seconds(8)};
  EXPECT_TRUE(order.on_signal(SIGTERM, kStart));
  EXPECT_EQ(order.look(false, kStart + milliseconds(7999)), End::kNotYet);
  EXPECT_EQ(order.look(true, kStart + milliseconds(7999)), End::kFinished);
  EXPECT_EQ(order.took(kStart + milliseconds(7999)), milliseconds(7999));
}

TEST(StopOrder, OrUntilTheTimeIsOver) {
  StopOrder order{seconds(8)};
  order.on_signal(SIGTERM, kStart);
  EXPECT_EQ(order.look(false, kStart + seconds(8)), End::kTooLong);
  EXPECT_EQ(order.look(true, kStart + seconds(8)), End::kFinished);
}

TEST(StopOrder, SigintWaitsForNothing) {
  StopOrder order{seconds(8)};
  EXPECT_FALSE(order.on_signal(SIGINT, kStart));
  EXPECT_EQ(order.look(false, kStart), End::kAtOnce);
}

TEST(StopOrder, ASecondSignalEndsTheWait) {
  for (const int second : {SIGTERM, SIGINT}) {
    StopOrder order{seconds(8)};
    EXPECT_TRUE(order.on_signal(SIGTERM, kStart));
    EXPECT_FALSE(order.on_signal(second, kStart + seconds(1)));
    EXPECT_EQ(order.look(false, kStart + seconds(1)), End::kAtOnce);
    EXPECT_EQ(order.took(kStart + seconds(1)), seconds(1));
  }
}

TEST(StopOrder, ZeroSecondsAreNone) {
  StopOrder order{seconds(0)};
  EXPECT_FALSE(order.on_signal(SIGTERM, kStart));
  EXPECT_EQ(order.look(false, kStart), End::kAtOnce);
}

}  // namespace
}  // namespace dialtone::app
