// SPDX-License-Identifier: Apache-2.0
//
// `change trace`, `change ls` and `served` of a control without a dataplane.
#include "tests/unit/control_daemon/api_fixture.h"

namespace dialtone::daemon {
namespace {

using ChangeCommands = ApiFixture;

TEST_F(ChangeCommands, AChangeOfOneDeviceIsTracedToItsBuild) {
  EXPECT_EQ(add_phone()["result"]["rebuilt"], 1);
  const api::Json set =
      call("device set", {{"name", "SEP001122334455"}, {"set", {{"label", "Front"}}}});
  EXPECT_EQ(set["result"]["rebuilt"], 1) << set;
  const std::string id = set["result"]["publish"]["change"];
  for (const char* asked : {id.c_str(), "last"}) {
    const api::Json trace = call("change trace", {{"id", asked}})["result"];
    EXPECT_EQ(trace["id"], id);
    EXPECT_EQ(trace["kind"], "database");
    EXPECT_EQ(trace["state"], "pending");
    EXPECT_EQ(trace["ok"], false);
    EXPECT_EQ(trace["devices"], api::Json({"SEP001122334455"}));
    EXPECT_EQ(trace["names"], api::Json({"sep001122334455.cnf.xml"}));
    EXPECT_EQ(trace["steps"].size(), 3U) << trace;
    EXPECT_EQ(trace["steps"][2]["step"], "built");
    EXPECT_EQ(trace["rows"]["some"][0]["table"], "devices");
  }
  const api::Json list = call("change ls")["result"]["changes"];
  EXPECT_EQ(list.front()["kind"], "start");
  EXPECT_EQ(list.back()["id"], id);
}

TEST_F(ChangeCommands, AFileOfTheFolderIsAChangeToo) {
  folder_.write("assets/New.xml", "new");
  ASSERT_TRUE(service_->publish().ok());
  const api::Json trace = call("change trace")["result"];
  EXPECT_EQ(trace["kind"], "folder");
  EXPECT_EQ(trace["names"], api::Json({"new.xml"}));
  EXPECT_FALSE(trace.contains("rows"));
}

TEST_F(ChangeCommands, WhatIsNotRememberedIsRefusedWithWhatIs) {
  const api::Json refused = call("change trace", {{"id", "4711"}});
  EXPECT_EQ(refused["code"], 3);
  EXPECT_NE(refused["error"].get<std::string>().find("'dialtone change ls'"), std::string::npos);
}

TEST_F(ChangeCommands, AFileThatNobodyServesIsStale) {
  add_phone();
  const api::Json served = call("served", {{"device", "00:11:22:33:44:55"}})["result"];
  EXPECT_EQ(served["device"], "SEP001122334455");
  EXPECT_EQ(served["stale"], true);
  EXPECT_EQ(served["files"][0]["name"], "SEP001122334455.cnf.xml");
  EXPECT_EQ(served["files"][0]["served"], false);
  EXPECT_NE(served["files"][0]["why"].get<std::string>().find("no dataplane"), std::string::npos);
  EXPECT_EQ(call("served", {{"device", "SEP001122334456"}})["code"], 3);
}

}  // namespace
}  // namespace dialtone::daemon
