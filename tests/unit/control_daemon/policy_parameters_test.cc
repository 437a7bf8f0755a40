// SPDX-License-Identifier: Apache-2.0
//
// Rows 23 to 28 of docs/features.md: parameters reach a running dataplane with no restart, and the
// configuration is what they go back to.
#include "tests/unit/control_daemon/generations_fixture.h"

#include <map>
#include <string>

namespace dialtone::daemon {
namespace {

class PolicyParameters : public GenerationsTest {
 protected:
  PolicyParameters() { start_control(); }
  const abi::Policy& served_policy() const {
    return dataplane_->store.current()->view.manifest().policy;
  }
  api::Json set(const char* name, const char* value) {
    return ask("param set", {{"name", name}, {"value", value}});
  }
};

TEST_F(PolicyParameters, TheServingCountIsInForceAtOnce) {
  EXPECT_EQ(served_policy().max_sessions, 0u);
  const auto reply = set("maximum-serving-count", "3000");
  EXPECT_EQ(reply["publish"]["state"], "published") << reply;
  EXPECT_EQ(reply["was"], "0");
  EXPECT_EQ(served_policy().max_sessions, 3000u);
  start_control();
  EXPECT_EQ(served_policy().max_sessions, 3000u);
  EXPECT_EQ(ask("param unset", {{"name", "maximum-serving-count"}})["value"], "0");
  EXPECT_EQ(served_policy().max_sessions, 0u);
}

TEST_F(PolicyParameters, TheAnswersToo) {
  set("when-full", "busy");
  set("busy-code", "0");
  set("busy-text", "Come back later");
  set("rebuilding-text", "Delay");
  set("retransmits", "0");
  EXPECT_EQ(served_policy().answers_busy, 1);
  EXPECT_EQ(served_policy().busy.code, 0);
  EXPECT_STREQ(served_policy().busy.text, "Come back later");
  EXPECT_STREQ(served_policy().rebuilding.text, "Delay");
  EXPECT_EQ(served_policy().retransmits, 0u);
  EXPECT_EQ(served_policy().first_copies, 0u);
}

TEST_F(PolicyParameters, WhatIsOutOfRangeIsRefused) {
  for (const auto& [name, value] : {std::pair{"maximum-serving-count", "16777217"},
                                    {"maximum-serving-count", "-1"},
                                    {"when-full", "later"},
                                    {"retransmit-ms", "49"},
                                    {"busy-text", "caf\xc3\xa9"}}) {
    const auto error = set(name, value).value("error", "");
    EXPECT_NE(error.find("wants"), std::string::npos) << name << ": " << error;
  }
}

// The default is what the configuration says, or another profile when one asks for it.
TEST_F(PolicyParameters, DefaultsAreThoseOfTheProfile) {
  options_.policy.served.policy.max_sessions = 77;
  start_control();
  const auto value = [&](const api::Json& arguments) {
    const api::Json reply = ask("param ls", arguments);
    for (const auto& row : reply["parameters"]) {
      if (row["name"] == "maximum-serving-count") {
        return row["default"].get<std::string>();
      }
    }
    return std::string();
  };
  EXPECT_EQ(value(api::Json::object()), "77");
  EXPECT_EQ(value({{"profile", "cm3"}}), "30");
  EXPECT_EQ(value({{"profile", "cm9"}}), "200");
  EXPECT_EQ(value({{"profile", "cm14"}}), "500");
}

// cisco-tftp 10, features 1.1: what each release did by itself.
TEST_F(PolicyParameters, EveryParameterIsListedWithTheDefaultOfEachProfile) {
  const auto listed = [&](const char* profile) {
    std::map<std::string, api::Json> all;
    const api::Json reply = ask("param ls", {{"profile", profile}});
    for (const api::Json& each : reply["parameters"]) {
      EXPECT_TRUE(all.emplace(each["name"], each).second) << each;
      EXPECT_FALSE(each.value("takes", "").empty()) << each;
    }
    return all;
  };
  struct Wanted {
    const char* profile;
    const char* count;
    const char* build_cnf;
    const char* when_full;
    const char* busy;
    const char* rebuilding;
  };
  const Wanted all[] = {
      {"cm3", "30", "all", "busy", "Server is busy, try again later", "Disk Full"},
      {"cm5", "200", "selective", "busy", "Process Allocation Exceeded", "Disk Full"},
      {"cm9", "200", "selective", "busy", "Server is busy, try again later",
       "Delay: rebuilding, try again later"},
      {"cm12", "500", "selective", "busy", "Server is busy, try again later",
       "Delay: rebuilding, try again later"},
      {"cm14", "500", "selective", "busy", "Server is busy, try again later",
       "Delay: rebuilding, try again later"}};
  for (const Wanted& wanted : all) {
    auto parameters = listed(wanted.profile);
    EXPECT_EQ(parameters["maximum-serving-count"]["default"], wanted.count) << wanted.profile;
    EXPECT_EQ(parameters["build-cnf"]["default"], wanted.build_cnf) << wanted.profile;
    EXPECT_EQ(parameters["when-full"]["default"], wanted.when_full) << wanted.profile;
    EXPECT_EQ(parameters["busy-text"]["default"], wanted.busy) << wanted.profile;
    EXPECT_EQ(parameters["rebuilding-text"]["default"], wanted.rebuilding) << wanted.profile;
    EXPECT_EQ(parameters["auto_registration"]["default"], "SCCP");
    EXPECT_EQ(parameters["dscp_sccp_config"]["default"], "96");
    EXPECT_EQ(parameters["tvs_port"]["takes"], "0 to 65535");
    EXPECT_EQ(parameters["services_use_https"]["takes"], "true or false");
  }
  EXPECT_EQ(ask("param set", {{"name", "tvs_port"}, {"value", "2446"}})["was"], "2445");
  EXPECT_EQ(listed("cm9")["tvs_port"]["value"], "2446");
}

}  // namespace
}  // namespace dialtone::daemon
