// SPDX-License-Identifier: Apache-2.0
//
// `device reset` runs the administrator's program, and says what came of it.
#include "tests/unit/control_daemon/api_fixture.h"

#include <poll.h>

#include <sys/stat.h>

namespace dialtone::daemon {
namespace {

class DeviceReset : public ApiFixture {
 protected:
  // `script`: empty: there is no program.
  void start(const std::string& script) {
    server_.reset();
    service_.reset();
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
    server_.emplace(*ApiServer::listen(options.socket, *service_));
    ASSERT_TRUE(service_->build_all().ok());
    client_ = connect();
    ASSERT_TRUE(add_phone().value("ok", false));
  }
  bool has_reply(int wait_ms) const {
    pollfd reply{client_.get(), POLLIN, 0};
    return ::poll(&reply, 1, wait_ms) == 1;
  }
  // The reply is held until the program has ended.
  void step() override {
    const auto end = Clock::now() + std::chrono::seconds(20);
    do {
      ApiFixture::step();
    } while (!has_reply(/*wait_ms=*/5) && Clock::now() < end);
  }
  Json reset(const std::string& name) { return call("device reset", {{"name", name}}); }
};

TEST_F(DeviceReset, TheProgramGetsTheNameAsItIsStored) {
  start("read -r name; echo $1 $name");
  const Json reply = reset("00:11:22:33:44:55");
  ASSERT_TRUE(reply.value("ok", false)) << reply;
  const Json& result = reply["result"];
  EXPECT_EQ(result["device"], "SEP001122334455");
  EXPECT_EQ(result["said"], "--now SEP001122334455\n");
  EXPECT_GT(result["asked_us"].get<std::int64_t>(), 0);
}

TEST_F(DeviceReset, AProgramThatFailsIsNamedWithItsStatus) {
  start("exit 7");
  const Json reply = reset("SEP001122334455");
  ASSERT_FALSE(reply.value("ok", true)) << reply;
  const auto text = reply["error"].get<std::string>();
  EXPECT_NE(text.find(folder_.file("reset")), std::string::npos) << text;
  EXPECT_NE(text.find("it ended with status 7"), std::string::npos) << text;
}

TEST_F(DeviceReset, OthersAreAnsweredWhileTheProgramRuns) {
  start("until [ -e " + folder_.file("go") + " ]; do /bin/sleep 0.01; done; echo done");
  const Json request = {{"command", "device reset"}, {"arguments", {{"name", "SEP001122334455"}}}};
  ASSERT_TRUE(api::send_document(client_.get(), request, {}).ok());
  ApiFixture::step();
  EXPECT_FALSE(has_reply(/*wait_ms=*/0));
  const auto now = Clock::now();
  EXPECT_GT(server_->due(now), now);  // it does not spin
  UniqueFd waiting = std::exchange(client_, connect());
  EXPECT_TRUE(call("status").value("ok", false));
  client_ = std::move(waiting);
  EXPECT_FALSE(has_reply(/*wait_ms=*/0));
  folder_.write("go", "");
  step();
  const auto reply = api::receive_document(client_.get());
  ASSERT_TRUE(reply.ok()) << reply.error().text;
  EXPECT_EQ(reply->json["result"]["said"], "done\n");
}

TEST_F(DeviceReset, WithoutAProgramOrADeviceItIsRefused) {
  start("");
  const Json none = reset("SEP001122334455");
  ASSERT_FALSE(none.value("ok", true)) << none;
  EXPECT_EQ(none["faults"][0]["code"], "no-reset-command");
  const Json unknown = reset("SEP0011223344FF");
  ASSERT_FALSE(unknown.value("ok", true)) << unknown;
  EXPECT_EQ(unknown["faults"][0]["code"], "unknown-device");
}

}  // namespace
}  // namespace dialtone::daemon
