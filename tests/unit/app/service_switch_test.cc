// SPDX-License-Identifier: Apache-2.0
#include "dataplane/app/service_switch.h"

#include <gtest/gtest.h>

namespace dialtone::app {
namespace {

using abi::ServiceOrder;
using abi::ServiceState;
using std::chrono::milliseconds;
using std::chrono::seconds;
using Act = ServiceSwitch::Act;

constexpr ServiceSwitch::Clock::time_point kStart{};
constexpr bool kFinished = true;
constexpr bool kAtWork = false;

TEST(ServiceSwitch, WithoutAnOrderItServes) {
  ServiceSwitch service{seconds(8)};
  EXPECT_EQ(service.look(kAtWork, kStart + seconds(1000)), Act::kNone);
  EXPECT_EQ(service.state(kAtWork), ServiceState::kRunning);
  EXPECT_EQ(service.on_order(ServiceOrder::kStart, kStart), Act::kNone);
}

TEST(ServiceSwitch, AStopIsOverWhenTheLastWorkerIsFinished) {
  ServiceSwitch service{seconds(8)};
  EXPECT_EQ(service.on_order(ServiceOrder::kStop, kStart), Act::kFinish);
  EXPECT_EQ(service.state(kAtWork), ServiceState::kDraining);
  EXPECT_EQ(service.look(kAtWork, kStart + milliseconds(7999)), Act::kNone);
  EXPECT_EQ(service.state(kFinished), ServiceState::kStopped);
}

TEST(ServiceSwitch, WhatIsLeftWhenTheTimeIsOverIsGivenUpOnce) {
  ServiceSwitch service{seconds(8)};
  service.on_order(ServiceOrder::kStop, kStart);
  EXPECT_EQ(service.look(kAtWork, kStart + seconds(8)), Act::kGiveUp);
  EXPECT_EQ(service.look(kAtWork, kStart + seconds(9)), Act::kNone);
  EXPECT_EQ(service.state(kFinished), ServiceState::kStopped);
}

TEST(ServiceSwitch, NothingIsGivenUpThatHasEnded) {
  ServiceSwitch service{seconds(8)};
  service.on_order(ServiceOrder::kStop, kStart);
  EXPECT_EQ(service.look(kFinished, kStart + seconds(8)), Act::kNone);
}

TEST(ServiceSwitch, ADrainTakesAsLongAsItTakes) {
  ServiceSwitch service{seconds(8)};
  EXPECT_EQ(service.on_order(ServiceOrder::kDrain, kStart), Act::kFinish);
  EXPECT_EQ(service.look(kAtWork, kStart + seconds(100'000)), Act::kNone);
  EXPECT_EQ(service.on_order(ServiceOrder::kStop, kStart + seconds(10)), Act::kNone);
  EXPECT_EQ(service.look(kAtWork, kStart + seconds(18)), Act::kGiveUp)
      << "a stop behind it gives them its own time";
}

TEST(ServiceSwitch, AStartEndsAStop) {
  ServiceSwitch service{seconds(8)};
  service.on_order(ServiceOrder::kStop, kStart);
  EXPECT_EQ(service.on_order(ServiceOrder::kStart, kStart), Act::kServe);
  EXPECT_EQ(service.state(kAtWork), ServiceState::kRunning);
  EXPECT_EQ(service.look(kAtWork, kStart + seconds(100)), Act::kNone) << "nothing is given up";
}

}  // namespace
}  // namespace dialtone::app
