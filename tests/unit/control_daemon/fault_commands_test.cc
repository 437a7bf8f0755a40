// SPDX-License-Identifier: Apache-2.0
//
// What commands say of files that cannot be built: of their own change an error, of what was wrong
// before a warning.
#include "control/database/database.h"
#include "tests/unit/control_daemon/api_fixture.h"

#include <gtest/gtest.h>

#include <string>

namespace dialtone::daemon {
namespace {

class FaultCommands : public ApiFixture {
 protected:
  void sql(const std::string& text) {
    auto other = database::Database::open(folder_.file("phones.db"));
    const auto done = other->execute(text);
    ASSERT_TRUE(done.ok()) << done.error().text;
    EXPECT_TRUE(service_->follow_database().ok());
  }
  Json import_json(const std::string& text) {
    const auto file = api::text_memfd(text);
    return call("import json", {{"file", "c.json"}}, file->get());
  }
  Json add(const char* name, const Json& keys) {
    return call("device add", {{"name", name}, {"set", keys}});
  }
  static bool says(const Json& reply, const std::string& text) {
    return reply.dump().find(text) != std::string::npos;
  }
};

TEST_F(FaultCommands, AWrongParameterIsNotSaved) {
  const Json reply = add("gk001122334455", {{"model", "7912"}, {"vendor.Dhcp", "maybe"}});
  EXPECT_EQ(reply["code"], 3) << reply;
  EXPECT_EQ(reply["faults"][0]["code"], "bad-parameter") << reply;
  EXPECT_EQ(call("device show", {{"name", "gk001122334455"}})["code"], 3);
}

TEST_F(FaultCommands, WhatWasWrongBeforeIsAWarning) {
  sql("INSERT INTO family_parameters (family, name, value) VALUES ('ld', 'Dhcp', 'x')");
  const Json reply = import_json(R"({"ntp_servers": [{"address": "192.0.2.1"}]})");
  EXPECT_TRUE(reply["ok"].get<bool>()) << reply;
  EXPECT_TRUE(says(reply["warnings"], "lddefault.cfg: the parameter 'Dhcp'")) << reply;
  // Of this change, the only thing that it does.
  sql("INSERT INTO dial_plans (name) VALUES ('h q')");
  EXPECT_TRUE(says(call("dialplan rm", {{"name", "h q"}}), "\"ok\":true"));
  EXPECT_FALSE(says(call("status"), "h q"));
}

TEST_F(FaultCommands, ADeviceWhoseFileIsMissingIsNoSuccess) {
  with_encoder("exit 9");
  const Json reply = add("ld001122334455", {{"model", "7905"}});
  EXPECT_EQ(reply["code"], 1) << reply;
  EXPECT_TRUE(says(reply,
                   "saved, but a file could not be built: SEP001122334455: its file "
                   "ld001122334455: encoder"))
      << reply;
  EXPECT_EQ(add("SEP001122334456", {{"model", "12 SP+"}})["code"], 1);
  const Json shown = call("device show", {{"name", "SEP001122334456"}});
  EXPECT_EQ(shown["result"]["files"][1]["state"], "not built") << shown;
  EXPECT_TRUE(says(shown["warnings"], "'encoder_cnf'")) << shown;
  EXPECT_FALSE(says(call("status"), "no encoder"));
}

TEST_F(FaultCommands, ADeviceThatNamesWhatIsNotBuiltIsSaidSo) {
  sql("INSERT INTO dial_plans (name) VALUES ('bad');"
      "INSERT INTO dial_rules (plan_id, seq, pattern) SELECT id, 0, '9(' FROM dial_plans");
  add_phone();
  Json set = {{"name", "SEP001122334455"}, {"set", {{"dial_plan", "bad"}}}};
  const Json reply = call("device set", set);
  EXPECT_TRUE(says(reply["warnings"], "dial_plan: DRbad.xml cannot be built")) << reply;
  set["set"] = {{"description", "Lobby"}};
  EXPECT_FALSE(call("device set", set).contains("warnings"));
}

TEST_F(FaultCommands, WhatHasNoEncoderIsSaidByWhatWantsIt) {
  add_phone();
  const Json set = call("param set", {{"name", "build-cnf"}, {"value", "all"}});
  EXPECT_TRUE(says(set["warnings"], "1 device has no .cnf: no encoder")) << set;
  const Json built = call("build");
  EXPECT_TRUE(says(built["warnings"], "1 device has no .cnf: no encoder")) << built;
  EXPECT_FALSE(says(call("param set", {{"name", "build-cnf"}, {"value", "none"}}), "no encoder"));
}

}  // namespace
}  // namespace dialtone::daemon
