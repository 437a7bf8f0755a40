// SPDX-License-Identifier: Apache-2.0
//
// `setup` and `doctor`, against a dataplane whose state the test sets.
#include "tests/unit/control_daemon/command_fixture.h"

namespace dialtone::daemon {
namespace {

using abi::ServiceState;

class SetupCommands : public CommandTest {
 protected:
  const api::Json& step(const api::Json& setup, const std::string& id) {
    for (const api::Json& each : setup["steps"]) {
      if (each["id"] == id) {
        return each;
      }
    }
    ADD_FAILURE() << "no step " << id << " in " << setup;
    return none_;
  }
};

TEST_F(SetupCommands, SetupMeasuresEachStep) {
  start();
  api::Json setup = result("setup");
  EXPECT_EQ(setup["todo"], 0) << setup;
  for (const char* id : {"activate", "devices", "parameters", "files", "restart"}) {
    EXPECT_EQ(step(setup, id)["done"], true) << id;
  }
  EXPECT_EQ(step(setup, "alternate-locations")["done"], false);
  EXPECT_EQ(step(setup, "alternate-locations")["optional"], true);
  server_.service().set(ServiceState::kStopped);
  run();
  setup = result("setup");
  EXPECT_EQ(setup["todo"], 1) << setup;
  EXPECT_EQ(step(setup, "activate")["cure"], api::Json::array({"dialtone service start"}));
}

TEST_F(SetupCommands, SetupCountsDevices) {
  options_.database = folder_.file("phones.db");
  start();
  const api::Json devices = step(result("setup"), "devices");
  EXPECT_EQ(devices["done"], false);
  EXPECT_EQ(devices["found"], "0 devices in the database");
  EXPECT_FALSE(devices["cure"].empty());
}

// Nobody has to have one.
TEST_F(SetupCommands, WithoutAFolderOfFilesNothingIsToDo) {
  options_.database = folder_.file("phones.db");
  options_.assets.clear();
  start();
  const api::Json setup = result("setup");
  EXPECT_EQ(step(setup, "files")["done"], false);
  EXPECT_EQ(step(setup, "files")["optional"], true);
  EXPECT_FALSE(step(setup, "files")["cure"].empty());
  EXPECT_EQ(setup["todo"], 1) << "devices alone: " << setup;
}

TEST_F(SetupCommands, SetupOfAProxySaysWhatIsNotThere) {
  options_.database = folder_.file("phones.db");
  start();
  const api::Json setup = result("setup", {{"proxy", true}});
  EXPECT_EQ(setup["of"], "proxy");
  EXPECT_EQ(setup["steps"].size(), 6U);
  EXPECT_NE(step(setup, "addresses")["found"].get<std::string>().find("asks no remote cluster"),
            std::string::npos);
  EXPECT_EQ(step(setup, "addresses")["done"], false);
  EXPECT_EQ(step(setup, "tvl")["optional"], true);
  EXPECT_EQ(step(setup, "ctl")["optional"], true) << "there is no secure cluster";
  EXPECT_EQ(step(setup, "restart")["done"], true);
  EXPECT_EQ(step(setup, "dhcp")["done"], false) << "nobody has asked";
  EXPECT_GE(setup["todo"].get<int>(), 2);
}

TEST_F(SetupCommands, DoctorListsWhatStatusWarnsOf) {
  start();
  EXPECT_EQ(result("doctor")["count"], 0);
  server_.service().set(ServiceState::kStopped);
  run();
  const api::Json sick = result("doctor");
  EXPECT_EQ(sick["count"], 1);
  EXPECT_EQ(sick["service"], "stopped");
}

TEST_F(SetupCommands, DoctorNotesThatNobodyIsHeardOverIpv6) {
  const api::Json none = {{"v4", nullptr}, {"v6", nullptr}};
  options_.dataplane = folder_.file("none.sock");
  service_ = *Service::open(options_);
  EXPECT_EQ(result("doctor")["listen"], none) << "nobody knows";
  image::OfferServer server(*image::OfferServer::listen({.path = options_.dataplane,
                                                         .families = abi::kServesIpv4,
                                                         .counters_fd = counters_.fd(),
                                                         .misses_fd = misses_.fd(),
                                                         .events_fd = events_.fd()},
                                                        store_,
                                                        [](Severity, const std::string&) {}));
  for (int i = 0; i < 4; ++i) {
    server.step();
    service_->step(now_ += std::chrono::seconds(1));
  }
  const api::Json found = result("doctor");
  EXPECT_EQ(found["listen"], (api::Json{{"v4", true}, {"v6", false}}));
  ASSERT_EQ(found["notes"].size(), 1U);
  EXPECT_NE(found["notes"][0].get<std::string>().find("no IPv6 address is served"),
            std::string::npos);
}

}  // namespace
}  // namespace dialtone::daemon
