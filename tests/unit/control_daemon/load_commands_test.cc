// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/control_daemon/api_fixture.h"

#include <algorithm>
#include <string>

namespace dialtone::daemon {
namespace {

class LoadCommands : public ApiFixture {
 protected:
  bool has_fault(const Json& reply, const std::string& code, const std::string& text) const {
    const Json faults = reply.value("faults", Json::array());
    return std::any_of(faults.begin(), faults.end(), [&](const Json& fault) {
      return fault["code"] == code &&
             fault["text"].get<std::string>().find(text) != std::string::npos;
    });
  }
  void set_load(const std::string& load) {
    ASSERT_TRUE(
        service_->database()->execute("UPDATE models SET default_load = '" + load + "'").ok());
    ASSERT_TRUE(service_->follow_database().ok());
  }
  std::string warnings() { return call("status")["warnings"].dump(); }
};

TEST_F(LoadCommands, ModelsAreListedWithTheirLoads) {
  add_phone();
  set_load("SIP45.9-4");
  std::size_t used = 0;
  const Json reply = call("model ls");
  for (const Json& model : reply["result"]["models"]) {
    EXPECT_EQ(model["default_load"], "SIP45.9-4") << model;
    used += model["devices"].get<std::size_t>();
  }
  EXPECT_EQ(used, 1u);
}

TEST_F(LoadCommands, AModelWhoseLoadIsNotThereIsNamed) {
  EXPECT_EQ(warnings().find("not served here"), std::string::npos) << "it has no phones";
  add_phone();
  set_load("SIP45.9-4");
  Json reply = call("loads check");
  EXPECT_EQ(reply["code"], 3);
  EXPECT_TRUE(has_fault(reply, "missing-load", "load SIP45.9-4 is not served (1 phone")) << reply;
  EXPECT_NE(warnings().find("1 device would ask for 1 load not served here"), std::string::npos)
      << warnings();
  folder_.write("assets/SIP45.9-4.loads", "a.sbn\n");
  ASSERT_TRUE(service_->follow_folder().ok());
  reply = call("loads check");
  EXPECT_TRUE(has_fault(reply, "incomplete-load", "a.sbn is not there")) << reply;
  EXPECT_TRUE(has_fault(reply, "missing-load", "SIP45.9-4")) << "it is held back";
  EXPECT_EQ(call("loads ls")["result"]["loads"][0]["served"], false);
  folder_.write("assets/a.sbn", "a");
  ASSERT_TRUE(service_->follow_folder().ok());
  EXPECT_EQ(call("loads check")["result"]["loads"], 1);
  EXPECT_EQ(call("loads check", {{"name", "sip45.9-4"}})["result"]["loads"], 1);
  reply = call("loads ls")["result"]["loads"][0];
  EXPECT_EQ(reply["devices"], 1) << reply;
  EXPECT_EQ(reply["parts"][0]["length"], 1);
  EXPECT_EQ(warnings().find("not served here"), std::string::npos);
  EXPECT_NE(call("loads check", {{"name", "sip45.9-5"}})["error"].get<std::string>().find(
                "did you mean 'sip45.9-4.loads'?"),
            std::string::npos);

  call("device set", {{"name", "SEP001122334455"}, {"set", {{"load", "OWN"}}}});
  EXPECT_TRUE(has_fault(call("loads check"), "missing-load", "this device asks for it"));
  call("device set", {{"name", "SEP001122334455"}, {"set", {{"load", ""}}}});
  set_load("");
  EXPECT_TRUE(has_fault(call("loads check"), "no-load", "told of no load"));
}

}  // namespace
}  // namespace dialtone::daemon
