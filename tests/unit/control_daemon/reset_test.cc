// SPDX-License-Identifier: Apache-2.0
//
// `device reset` runs the administrator's program, and says what came of it.
#include "control/daemon/commands.h"
#include "tests/support/temp_folder.h"

#include <gtest/gtest.h>

#include <sys/stat.h>

namespace dialtone::daemon {
namespace {

class DeviceReset : public testing::Test {
 protected:
  // `script`: empty: there is no program.
  void start(const std::string& script) {
    Options options;
    options.socket = folder_.file("control.sock");
    options.dataplane = folder_.file("dataplane.sock");
    options.database = folder_.file("phones.db");
    if (!script.empty()) {
      folder_.write("reset", "#!/bin/sh\n" + script);
      ::chmod(folder_.file("reset").c_str(), 0700);
      options.reset_command = {folder_.file("reset"), "--now"};
    }
    service_ = *Service::open(options);
    ASSERT_TRUE(service_->build_all().ok());
    ASSERT_TRUE(std::holds_alternative<Answer>(
        run("device add", {{"name", "SEP001122334455"}, {"set", {{"model", "8841"}}}})));
  }
  Outcome run(const std::string& command, const api::Json& arguments) {
    api::Document document;
    document.json = {{"command", command}, {"arguments", arguments}};
    return run_command(*service_, document);
  }
  Outcome reset(const std::string& name) { return run("device reset", {{"name", name}}); }

  test::TempFolder folder_;
  std::unique_ptr<Service> service_;
};

TEST_F(DeviceReset, TheProgramGetsTheNameAsItIsStored) {
  start("read -r name; echo $1 $name");
  const Outcome outcome = reset("00:11:22:33:44:55");
  ASSERT_TRUE(std::holds_alternative<Answer>(outcome)) << std::get<Refusal>(outcome).error.text;
  const api::Json& result = std::get<Answer>(outcome).result;
  EXPECT_EQ(result["device"], "SEP001122334455");
  EXPECT_EQ(result["said"], "--now SEP001122334455\n");
  EXPECT_GT(result["asked_us"].get<std::int64_t>(), 0);
}

TEST_F(DeviceReset, AProgramThatFailsIsNamedWithItsStatus) {
  start("exit 7");
  const Outcome outcome = reset("SEP001122334455");
  ASSERT_TRUE(std::holds_alternative<Refusal>(outcome));
  const std::string& text = std::get<Refusal>(outcome).error.text;
  EXPECT_NE(text.find(folder_.file("reset")), std::string::npos) << text;
  EXPECT_NE(text.find("it ended with status 7"), std::string::npos) << text;
}

TEST_F(DeviceReset, WithoutAProgramOrADeviceItIsRefused) {
  start("");
  const Outcome none = reset("SEP001122334455");
  ASSERT_TRUE(std::holds_alternative<Refusal>(none));
  EXPECT_EQ(std::get<Refusal>(none).faults.at(0).code, "no-reset-command");
  const Outcome unknown = reset("SEP0011223344FF");
  ASSERT_TRUE(std::holds_alternative<Refusal>(unknown));
  EXPECT_EQ(std::get<Refusal>(unknown).faults.at(0).code, "unknown-device");
}

}  // namespace
}  // namespace dialtone::daemon
