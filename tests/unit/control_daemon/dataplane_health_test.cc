// SPDX-License-Identifier: Apache-2.0
//
// What `status` warns of when the dataplane is not well, and for how long.
#include "tests/unit/control_daemon/health_fixture.h"

namespace dialtone::daemon {
namespace {

TEST_F(Health, NothingIsSaidOfADataplaneThatIsWell) {
  run(5);
  EXPECT_EQ(warning(), "");
}

TEST_F(Health, AWorkerThatStandsStillIsNamedUntilItMoves) {
  moves_[1] = false;
  run(1);
  EXPECT_EQ(warning(), "") << "its CPU may have been taken for a moment";
  run(9);
  expect_begin(
      "of the dataplane's workers stand still: 1, for 9 s: clients whose packets come to them"
      " are not answered; if a signal or a debugger has stopped it (pid ");
  moves_[1] = true;
  run(1);
  EXPECT_EQ(warning(), "");
}

TEST_F(Health, ADataplaneThatStandsStillAsAWholeIsToldBySomebodyElse) {
  moves_ = {false, false};
  run(300);
  expect_begin(
      "the dataplane stands still, for 4 min: no client is answered; if a signal or a "
      "debugger has stopped it (pid " +
      std::to_string(::getpid()) + "), let it go on; else its port blocks");
  moves_ = {true, true};
  run(2);
  EXPECT_EQ(warning(), "");
}

TEST_F(Health, FullSessionsAreToldWithHowManyWaitAndFadeAMinuteLater) {
  count("serving_limit", 0) = count("serving_limit", 1) = 4;
  count("sessions_active", 0) = 3;
  run(2);
  EXPECT_EQ(warning(), "") << "one is free";
  count("sessions_active", 1) = 4;
  count("parked_now", 1) = 1;
  run(5);
  expect_begin(
      "the sessions are full, for 4 s: 7 of 8 in use, 1 request waiting; a higher "
      "max_serving_count in [policy]");
  count("sessions_active", 1) = 0;
  count("parked_now", 1) = 0;
  run(10);
  expect_begin("the sessions were full 10 s ago: 3 of 8 in use, 0 requests waiting; ");
  run(51);
  EXPECT_EQ(warning(), "");
}

// Those that are kept for clients which have answered before (docs/admission.md).
TEST_F(Health, SessionsAboveTheLimitAreToldApart) {
  count("serving_limit", 0) = count("serving_limit", 1) = 30;
  count("sessions_active", 0) = 45;
  count("sessions_active", 1) = 20;
  run(5);
  expect_begin(
      "the sessions are full, for 4 s: 50 of 60 in use and 15 above (kept for clients that have "
      "answered before, or begun under a higher limit), 0 requests waiting; ");
}

TEST_F(Health, RequestsThatFoundNoSessionAreCountedForAMinute) {
  count("requests_busy") += 30;  // between two looks
  count("drop_sessions_exhausted", 1) += 2;
  run(2);
  const std::string text = warning();
  EXPECT_NE(text.find("were full within the last minute: "), std::string::npos) << text;
  EXPECT_NE(text.find(", in the last minute 30 told busy and 2 dropped; "), std::string::npos)
      << text;
  run(30);
  EXPECT_EQ(warning(), text);
  count("requests_busy") += 1;
  run(40);
  EXPECT_NE(warning().find(" 1 told busy and 0 dropped"), std::string::npos) << warning();
  run(30);
  EXPECT_EQ(warning(), "");
}

TEST_F(Health, AnAttackIsToldWithItsRequestsUntilAMinuteAfterIt) {
  for (int second = 0; second < 30; ++second) {
    count("requests_under_attack", second % 2) += 100;
    count("drop_unanswered") += 10;
    run(1);
  }
  EXPECT_EQ(warning().find("under attack, for 29 s: 33"), 0U) << warning();
  run(58);
  EXPECT_EQ(warning().find("under attack, for 87 s: "), 0U) << warning();
  run(4);
  EXPECT_EQ(warning(), "");
}

TEST_F(Health, ADataplaneThatStopsIsToldWithItsTransfers) {
  count("sessions_active", 0) = 2;
  count("sessions_active", 1) = 1;
  count("stopping_now", 1) = 1;
  run(4);
  expect_begin("the dataplane is stopping, for 3 s: 3 transfers may go on to the end (stop_");
  count("stopping_now", 1) = 0;
  run(1);
  EXPECT_EQ(warning(), "");
}

TEST_F(Health, WorkersThatTakeAnOrderUpAreNoEndOfTheProcess) {
  ASSERT_TRUE(service_->publisher().order_service(abi::ServiceOrder::kStop).ok());
  count("stopping_now", 0) = 1;
  run(2);
  EXPECT_EQ(warning(), "") << "the other worker has not taken it up, so the state is of before";
}

TEST_F(Health, WhatWasBeforeThisControlCameIsNotTold) {
  count("requests_busy") += 30;
  start();
  run(2);
  EXPECT_EQ(warning(), "");
}

TEST_F(Health, CountersThatCannotBeReadAreTold) {
  counters_.bytes()[0] = std::byte{};
  run(3);
  expect_begin("whether the dataplane is well is not known: counters page: not of version 1; ");
}

}  // namespace
}  // namespace dialtone::daemon
