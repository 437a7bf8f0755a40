// SPDX-License-Identifier: Apache-2.0
//
// Orders of the service, over restarts of either side.
#include "tests/unit/control_publish/publisher_fixture.h"

namespace dialtone::publish {
namespace {

using abi::ServiceOrder;
using abi::ServiceState;

TEST_F(PublisherTest, AnOrderGoesToTheDataplaneAndItsStateComesBack) {
  start_dataplane();
  run();
  ASSERT_TRUE(publisher_->order_service(ServiceOrder::kDrain).ok());
  run_dataplane();
  EXPECT_EQ(dataplane_->service().take_order(), ServiceOrder::kDrain);
  dataplane_->service().set(ServiceState::kDraining);
  run();
  EXPECT_EQ(publisher_->hello()->service, ServiceState::kDraining);
  dataplane_->service().set(ServiceState::kStopped);
  run();
  EXPECT_EQ(publisher_->hello()->service, ServiceState::kStopped);
  EXPECT_EQ(publisher_->hello()->service_since_us, dataplane_->service().since_us());
}

TEST_F(PublisherTest, AStateOfBeforeTheOrderIsNotTakenForItsAnswer) {
  start_dataplane();
  run();
  EXPECT_EQ(publisher_->unanswered_order(), std::nullopt);
  ASSERT_TRUE(publisher_->order_service(ServiceOrder::kStart).ok());
  ASSERT_TRUE(publisher_->order_service(ServiceOrder::kStop).ok());
  EXPECT_EQ(publisher_->unanswered_order(), ServiceOrder::kStop);
  run();
  EXPECT_EQ(publisher_->unanswered_order(), ServiceOrder::kStop) << "nobody has taken it";
  EXPECT_EQ(dataplane_->service().take_order(), ServiceOrder::kStop);
  ASSERT_TRUE(publisher_->order_service(ServiceOrder::kStart).ok());
  dataplane_->service().set(ServiceState::kDraining);
  run();
  EXPECT_EQ(publisher_->unanswered_order(), ServiceOrder::kStart) << "that was of the stop";
  EXPECT_EQ(dataplane_->service().take_order(), ServiceOrder::kStart);
  dataplane_->service().set(ServiceState::kRunning);
  run();
  EXPECT_EQ(publisher_->unanswered_order(), std::nullopt);
  ASSERT_TRUE(publisher_->order_service(ServiceOrder::kStart).ok());
  run_dataplane();
  (void)dataplane_->service().take_order();
  dataplane_->service().set(ServiceState::kRunning);
  run();
  EXPECT_EQ(publisher_->unanswered_order(), std::nullopt) << "the state is the same, and answered";
}

TEST_F(PublisherTest, ADataplaneThatComesLaterIsToldThatItIsNotToServe) {
  const auto none = publisher_->order_service(ServiceOrder::kStop);
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.error().code, ErrorCode::kUnreachable);
  start_dataplane();
  run();
  EXPECT_EQ(dataplane_->service().take_order(), ServiceOrder::kStop);
}

TEST_F(PublisherTest, ADataplaneThatWasStoppedOutlivesControlAndIsTakenAsItIs) {
  start_dataplane();
  dataplane_->service().set(ServiceState::kStopped);
  run();
  EXPECT_EQ(publisher_->hello()->service, ServiceState::kStopped);
  EXPECT_EQ(dataplane_->service().take_order(), std::nullopt) << "nobody has ordered anything";
}

TEST_F(PublisherTest, ADataplaneThatDrainsIsToldToStopAfterAll) {
  (void)publisher_->order_service(ServiceOrder::kStop);
  start_dataplane();
  dataplane_->service().set(ServiceState::kDraining);
  run();
  EXPECT_EQ(dataplane_->service().take_order(), ServiceOrder::kStop);
}

TEST_F(PublisherTest, AStartThatFoundNoDataplaneReachesOneThatStandsStill) {
  (void)publisher_->order_service(ServiceOrder::kStart);
  start_dataplane();
  dataplane_->service().set(ServiceState::kStopped);
  run();
  EXPECT_EQ(dataplane_->service().take_order(), ServiceOrder::kStart);
}

}  // namespace
}  // namespace dialtone::publish
