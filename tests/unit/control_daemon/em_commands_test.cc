// SPDX-License-Identifier: Apache-2.0
//
// Row 44 of docs/features.md: a login and a logout each rebuild the phone's file alone.
#include "control/assertion/assertion.h"
#include "tests/unit/control_daemon/api_fixture.h"

namespace dialtone::daemon {
namespace {

class EmCommands : public ApiFixture {
 protected:
  EmCommands() {
    import_json(R"({"dial_plans": [{"name": "jo", "rules": [{"pattern": "*"}]},
                                   {"name": "hq", "rules": [{"pattern": "*"}]}],
      "softkey_templates": [{"name": "jo", "sets": [{"state": "On Hook", "keys": ["NewCall"]}]}],
      "em_profiles": [{"name": "jo", "phone_label": "Jo's", "dial_plan": "jo", "softkey": "jo",
        "lines": [{"button": 1, "dn": "7001"}],
        "speed_dials": [{"button": 2, "number": "7002", "label": "Sam"}]},
        {"name": "wide", "lines": [{"button": 99, "dn": "1"}]}]})");
    add_phone();
    call("device set", {{"name", kPhone}, {"set", {{"dial_plan", "hq"}, {"label", "Desk"}}}});
  }
  void import_json(const std::string& text) {
    const auto file = api::text_memfd(text);
    const Json reply = call("import json", {{"file", "x"}}, file->get());
    EXPECT_TRUE(reply["ok"].get<bool>()) << reply;
  }
  Json log_in(const char* name, const char* profile) {
    return call("em login", {{"name", name}, {"profile", profile}});
  }
  std::string file() { return content("SEP001122334455.cnf.xml"); }
  bool has(const std::string& text) { return file().find(text) != std::string::npos; }
  static std::string verdict(const Json& reply, const std::string& claim) {
    if (!reply.value("ok", false)) {
      return reply.dump();
    }
    const assertion::Verdict verdict = assertion::Assertion::parse(claim)->check(reply["result"]);
    return verdict.holds ? "" : verdict.why;
  }
  static std::string code(const Json& reply) {
    return reply.value("faults", Json::array()).empty()
               ? reply.dump()
               : reply["faults"][0]["code"].get<std::string>();
  }
  static constexpr const char* kPhone = "SEP001122334455";
};

TEST_F(EmCommands, ALoginRebuildsTheFileOfThePhone) {
  EXPECT_EQ(verdict(log_in(kPhone, "jo"), "rebuilt == 1 && has(\"DRjo.xml\")"), "");
  for (const char* text : {"DRjo.xml", "SKjo.xml", "7001", "7002", "Jo's"}) {
    EXPECT_TRUE(has(text) || has("Jo&apos;s") || has("Jo&#39;s")) << text;
  }
  EXPECT_FALSE(has("<name>1001</name>"));
  EXPECT_EQ(verdict(call("em ls"), "logged_in == 1 && profiles[0].device == \"SEP001122334455\""),
            "");
  EXPECT_EQ(verdict(call("em logout", {{"name", kPhone}}), "rebuilt == 1 && has(\"DRhq.xml\")"),
            "");
  EXPECT_TRUE(has("1001") && has("Desk"));
  EXPECT_FALSE(has("7001") || has("7002") || has("SKjo.xml"));
  EXPECT_EQ(verdict(call("em logout", {{"name", kPhone}}), "rebuilt == 0 && !changed"), "");
}

// A change of the profile is one of the phone where it is logged in, and of no other.
TEST_F(EmCommands, AChangedProfileReachesItsPhone) {
  log_in(kPhone, "jo");
  import_json(R"({"em_profiles": [{"name": "jo", "lines": [{"button": 1, "dn": "7009"}]}]})");
  EXPECT_TRUE(has("7009"));
  EXPECT_FALSE(has("7001"));
}

TEST_F(EmCommands, AProfileThatIsLoggedInStays) {
  log_in(kPhone, "jo");
  EXPECT_FALSE(service_->database()->run("DELETE FROM em_profiles WHERE name = 'jo'").ok());
  call("em logout", {{"name", kPhone}});
  EXPECT_TRUE(service_->database()->run("DELETE FROM em_profiles WHERE name = 'jo'").ok());
  EXPECT_EQ(code(log_in(kPhone, "jo")), "unknown-profile");
}

TEST_F(EmCommands, FaultsHaveTheirCodes) {
  call("device add", {{"name", "SEP001122334456"}, {"set", {{"model", "8841"}}}});
  log_in(kPhone, "jo");
  EXPECT_EQ(code(log_in("SEP001122334456", "jo")), "profile-in-use");
  EXPECT_EQ(code(log_in("SEP001122334456", "wide")), "too-many-lines");
  EXPECT_EQ(code(log_in(kPhone, "wide")), "logged-in");
  EXPECT_EQ(code(log_in("SEP0011223344FF", "jo")), "unknown-device");
}

// As an export has it.
TEST_F(EmCommands, ALoginIsAColumnOfTheDevices) {
  log_in(kPhone, "jo");
  EXPECT_EQ(call("device show", {{"name", kPhone}})["result"]["device"]["em_profile"], "jo");
  EXPECT_TRUE(import_csv("name,em_profile\nSEP001122334455,\n")["ok"].get<bool>());
  EXPECT_TRUE(has("1001"));
}

}  // namespace
}  // namespace dialtone::daemon
