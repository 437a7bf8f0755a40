// SPDX-License-Identifier: Apache-2.0
//
// `service`, against a dataplane whose state the test sets.
#include "tests/unit/control_daemon/command_fixture.h"

namespace dialtone::daemon {
namespace {

using abi::ServiceOrder;
using abi::ServiceState;

class ServiceCommands : public CommandTest {
 protected:
  std::string state() { return result("service status")["state"]; }
};

TEST_F(ServiceCommands, TheStateIsWhatTheDataplaneHasConfirmed) {
  start();
  EXPECT_EQ(state(), "running");
  EXPECT_EQ(result("service stop", {{"drain", true}})["state"], "stopping") << "not confirmed yet";
  server_.step();
  EXPECT_EQ(server_.service().take_order(), ServiceOrder::kDrain);
  server_.service().set(ServiceState::kDraining);
  count("sessions_active") = 2;
  run();
  api::Json status = result("service status");
  EXPECT_EQ(status["state"], "draining");
  EXPECT_EQ(status["transfers"], 2);
  server_.service().set(ServiceState::kStopped);
  run();
  status = result("service status");
  EXPECT_EQ(status["state"], "stopped");
  EXPECT_EQ(status["since_us"], server_.service().since_us());
  EXPECT_EQ(status["generation"], 1);
  ASSERT_EQ(ask().warnings.size(), 1U);
  EXPECT_NE(ask().warnings[0].find("before 'dialtone service start'"), std::string::npos);
  EXPECT_EQ(result("service stop")["state"], "stopping") << "'stopped' is of before";
  server_.step();
  (void)server_.service().take_order();
  server_.service().set(ServiceState::kStopped);
  run();
  EXPECT_EQ(state(), "stopped");
  EXPECT_EQ(result("service start")["state"], "starting");
  server_.step();
  EXPECT_EQ(server_.service().take_order(), ServiceOrder::kStart);
  server_.service().set(ServiceState::kRunning);
  run();
  EXPECT_EQ(state(), "running");
  EXPECT_TRUE(ask().warnings.empty());
}

TEST_F(ServiceCommands, AProcessThatEndsDrainsToo) {
  start();
  count("stopping_now") = 1;
  EXPECT_EQ(state(), "draining");
}

TEST_F(ServiceCommands, BeforeTheFirstGenerationItStarts) {
  server_.step();
  service_ = *Service::open(options_);
  service_->step(now_);
  server_.step();
  service_->step(now_ += std::chrono::seconds(1));
  const api::Json status = result("service status");
  EXPECT_EQ(status["state"], "starting");
  EXPECT_NE(status["why"].get<std::string>().find("no generation is published yet"),
            std::string::npos);
}

TEST_F(ServiceCommands, WithoutADataplaneTheOrderIsKeptAndThatIsAnError) {
  options_.dataplane = folder_.file("none.sock");
  service_ = *Service::open(options_);
  EXPECT_EQ(state(), "no-dataplane");
  const Outcome outcome = command("service stop");
  ASSERT_TRUE(std::holds_alternative<Refusal>(outcome));
  EXPECT_EQ(std::get<Refusal>(outcome).error.code, ErrorCode::kUnreachable);
  EXPECT_NE(std::get<Refusal>(outcome).error.text.find("it is told so when it comes"),
            std::string::npos);
}

}  // namespace
}  // namespace dialtone::daemon
