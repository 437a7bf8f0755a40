// SPDX-License-Identifier: Apache-2.0
//
// dialplan, softkey and featurepolicy, through the control socket.
#include "tests/unit/control_daemon/api_fixture.h"

#include <algorithm>
#include <string>

namespace dialtone::daemon {
namespace {

using api::Json;

class PhoneFileCommands : public ApiFixture {
 protected:
  Json set(const std::string& noun, const std::string& name, const std::string& text,
           bool dry_run = false) {
    const auto file = api::text_memfd(text);
    return call(noun + " set", {{"name", name}, {"file", "f"}, {"dry_run", dry_run}}, file->get());
  }

  std::size_t orphans(const std::string& noun) {
    return call(noun + " ls")["result"]["orphans"].size();
  }
};

constexpr const char* kRules = R"({"rules": [{"pattern": "9,*", "timeout_s": 3}]})";
constexpr const char* kXml = "<DIALTEMPLATE><TEMPLATE MATCH='8*' TIMEOUT='2'/></DIALTEMPLATE>";
constexpr const char* kKeys = R"({"sets": [{"state": "On Hook", "keys": ["Redial"]}]})";

TEST_F(PhoneFileCommands, APlanIsAddedShownChangedAndRemovedWithItsFiles) {
  Json reply = set("dialplan", "hq", kRules);
  ASSERT_TRUE(reply["ok"].get<bool>()) << reply;
  EXPECT_EQ(reply["result"]["change"], "added");
  EXPECT_EQ(reply["result"]["publish"]["files"], 2);
  EXPECT_NE(content("DRhq.xml").find("match=\"9,*\""), std::string::npos);
  reply = call("files ls", {{"patterns", std::vector<std::string>(65, "*")}});
  EXPECT_NE(reply["error"].dump().find("quote a pattern"), std::string::npos) << reply;
  reply = call("files ls", {{"patterns", {"DRhq.xml", "hq.xml"}}});
  EXPECT_EQ(reply["result"]["count"], 2);

  const Json shown = call("dialplan show", {{"name", "hq"}});
  EXPECT_EQ(shown["result"]["row"]["rules"][0]["pattern"], "9,*");
  EXPECT_EQ(set("dialplan", "hq", shown["result"]["row"].dump())["result"]["change"], "unchanged");
  EXPECT_EQ(set("dialplan", "hq", kXml)["result"]["change"], "updated");
  EXPECT_NE(content("hq.xml").find("MATCH=\"8*\""), std::string::npos);

  reply = call("dialplan rm", {{"name", "hq"}});
  EXPECT_TRUE(reply["ok"].get<bool>()) << reply;
  EXPECT_NE(content("DRhq.xml").find("no file"), std::string::npos);
  EXPECT_EQ(call("dialplan show", {{"name", "hq"}})["code"], 3);
}

// Features 42 and 43: the files are listed before the change, and nothing is changed.
TEST_F(PhoneFileCommands, ADryRunListsTheFilesAndWritesNothing) {
  Json reply = set("dialplan", "hq", kXml, /*dry_run=*/true);
  EXPECT_EQ(reply["result"]["files"], Json::array({"drhq.xml", "hq.xml"})) << reply;
  EXPECT_EQ(reply["result"]["change"], "added");
  EXPECT_EQ(call("dialplan ls")["result"]["dial_plans"].size(), 0u);

  set("dialplan", "hq", kXml);
  const std::string before = content("DRhq.xml");
  reply = set("dialplan", "hq", kRules, /*dry_run=*/true);
  EXPECT_EQ(reply["result"]["files"], Json::array({"drhq.xml", "hq.xml"})) << reply;
  EXPECT_EQ(content("DRhq.xml"), before);
  reply = set("dialplan", "hq", kXml, /*dry_run=*/true);
  EXPECT_EQ(reply["result"]["files"], Json::array()) << reply;
  EXPECT_EQ(reply["result"]["change"], "unchanged");
  // A rule of one line is in the newer form alone.
  reply = set("dialplan", "hq", R"({"rules": [{"pattern": "8*", "timeout_s": 2},
                                              {"pattern": "7", "button": 2}]})",
              /*dry_run=*/true);
  EXPECT_EQ(reply["result"]["files"], Json::array({"drhq.xml"})) << reply;
  reply = set("softkey", "std", kKeys, /*dry_run=*/true);
  EXPECT_EQ(reply["result"]["files"], Json::array({"skstd.xml"})) << reply;
}

// What is rolled back must not be followed, nor hide what comes behind it.
TEST_F(PhoneFileCommands, AChangeAfterADryRunIsBuilt) {
  set("softkey", "std", kKeys, /*dry_run=*/true);
  EXPECT_EQ(set("softkey", "std", kKeys)["result"]["publish"]["files"], 1);
  add_phone();
  EXPECT_NE(content("SEP001122334455.cnf.xml").find("1001"), std::string::npos);
  EXPECT_NE(content("SKstd.xml").find("Redial"), std::string::npos);
}

// Features 14 and 15.
TEST_F(PhoneFileCommands, AListAgreesWithItsFiles) {
  for (const char* noun : {"dialplan", "softkey", "featurepolicy"}) {
    EXPECT_EQ(orphans(noun), 0u) << noun;
  }
  set("dialplan", "hq", kRules);
  set("softkey", "std", kKeys);
  set("featurepolicy", "std", R"({"settings": {"Barge": true}})");
  for (const char* noun : {"dialplan", "softkey", "featurepolicy"}) {
    EXPECT_EQ(orphans(noun), 0u) << noun;
  }
  // A row that another program has written wrongly has no file.
  auto other = database::Database::open(folder_.file("phones.db"));
  ASSERT_TRUE(other
                  ->execute("INSERT INTO dial_plans (name) VALUES ('h q');"
                            "INSERT INTO softkey_templates (name) VALUES ('bad');"
                            "INSERT INTO softkey_sets VALUES (2, 'On Hook', 1, 'Redail')")
                  .ok());
  EXPECT_TRUE(service_->follow_database().ok());
  EXPECT_EQ(orphans("dialplan"), 2u);
  EXPECT_EQ(orphans("softkey"), 1u);
  EXPECT_EQ(orphans("featurepolicy"), 0u);
  // A file of Unified CM in the folder, which no row makes.
  folder_.write("assets/SK0b36d0b4-2b3a.xml", "<softKeyCfg/>");
  EXPECT_TRUE(service_->build_all().ok());
  const Json list = call("softkey ls")["result"];
  EXPECT_EQ(list["orphans"].size(), 2u) << list;
  EXPECT_EQ(list["orphans"][1]["name"], "sk0b36d0b4-2b3a.xml");
}

TEST_F(PhoneFileCommands, WhatIsUsedIsNotRemoved) {
  set("softkey", "std", kKeys);
  set("dialplan", "hq", kRules);
  add_phone();
  call("device set",
       {{"name", "SEP001122334455"}, {"set", {{"softkey", "std"}, {"dial_plan", "hq"}}}});
  EXPECT_NE(content("SEP001122334455.cnf.xml").find("SKstd.xml"), std::string::npos);
  EXPECT_EQ(call("softkey ls")["result"]["softkey_templates"][0]["devices"], 1);
  Json reply = call("softkey rm", {{"name", "std"}});
  EXPECT_EQ(reply["code"], 3);
  EXPECT_EQ(reply["faults"][0]["code"], "in-use");
  EXPECT_EQ(reply["error"],
            "softkey template 'std' is used by 1 device (SEP001122334455); give them another one "
            "first");
  call("device set", {{"name", "SEP001122334455"}, {"set", {{"softkey", ""}}}});
  EXPECT_TRUE(call("softkey rm", {{"name", "std"}})["ok"].get<bool>());
  // A profile names the file.
  call("device set", {{"name", "SEP001122334455"}, {"set", {{"dial_plan", ""}}}});
  ASSERT_TRUE(service_->database()
                  ->execute("UPDATE sip_profiles SET settings = '{\"dial_template\":\"DRhq.xml\"}'")
                  .ok());
  reply = call("dialplan rm", {{"name", "hq"}});
  EXPECT_NE(reply["error"].get<std::string>().find("used by SIP profile '"), std::string::npos)
      << reply;
}

TEST_F(PhoneFileCommands, WhatIsWrongIsRefusedAndNothingChanges) {
  Json reply = set("dialplan", "hq", R"({"rules": [{"pattern": "x"}, {"pattern": "y"}]})");
  EXPECT_EQ(reply["code"], 3);
  EXPECT_EQ(reply["error"], "f has 2 faults; nothing was changed");
  EXPECT_EQ(reply["faults"].size(), 2u);
  set("dialplan", "hq", kRules);
  // One name for phones, which know no case; and one of a device's own kind.
  EXPECT_NE(set("dialplan", "HQ", kRules)["error"].get<std::string>().find("rename one"),
            std::string::npos);
  EXPECT_EQ(call("dialplan ls")["result"]["dial_plans"].size(), 1u);
  EXPECT_EQ(set("dialplan", "a b", kRules)["code"], 3);
  EXPECT_EQ(call("dialplan set", {{"name", "hq"}, {"file", "f"}})["code"], 2) << "no attachment";
  EXPECT_EQ(call("dialplan rm", {{"name", "hp"}})["error"],
            "'hp' is no dial plan; did you mean 'hq'?");
}

// Feature 11.
TEST_F(PhoneFileCommands, ABuildOfOnePlanIsOfItsFiles) {
  set("dialplan", "hq", kRules);
  const Json reply = call("build", {{"dialplan", "hq"}});
  EXPECT_EQ(reply["result"]["built"], Json::array({"DRhq.xml", "hq.xml"})) << reply;
  EXPECT_EQ(reply["result"]["devices"], 0);
  EXPECT_EQ(call("build", {{"dialplan", "hp"}})["code"], 3);
}

}  // namespace
}  // namespace dialtone::daemon
