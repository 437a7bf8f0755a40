// SPDX-License-Identifier: Apache-2.0
//
// Row 79: an ITL is served, and phones register with a Unified CM that has no security by default.
#include "control/assertion/assertion.h"
#include "tests/unit/control_daemon/served_api_fixture.h"

#include <string>

namespace dialtone::daemon {
namespace {

class SbdMismatch : public ServedApiFixture {
 protected:
  void import(const std::string& text) {
    const auto file = api::text_memfd(text);
    const Json reply = call("import json", {{"file", "campus.json"}}, file->get());
    ASSERT_TRUE(reply["ok"].get<bool>()) << reply;
  }
  // Nobody is warned of anything else here, so the row's claim and the count say the same.
  bool is_found() {
    const Json reply = call("doctor", Json::object());
    EXPECT_TRUE(reply.value("ok", false)) << reply;
    const bool found =
        assertion::Assertion::parse(R"(warn("sbd-mismatch"))")->check(reply["result"]).holds;
    EXPECT_EQ(reply["result"]["count"], found ? 1 : 0) << reply;
    for (const Json& finding : reply["result"]["findings"]) {
      text_ = finding;
    }
    return found;
  }
  void write(const std::string& name) {
    folder_.write("assets/" + name, "list");
    ASSERT_TRUE(service_->follow_folder().ok());
  }
  bool says(const std::string& part) const { return text_.find(part) != std::string::npos; }

  std::string text_;
};

TEST_F(SbdMismatch, BothSidesAndTheCureAreNamed) {
  import(R"({"remote_clusters": [{"name": "b", "version": "7.1.5"}]})");
  EXPECT_FALSE(is_found()) << "no ITL is served";
  write("CTLFile.tlv");
  EXPECT_FALSE(is_found()) << "a CTL is older than security by default";
  write("ITLFile.tlv");
  write("ITLSEP001122334455.tlv");
  EXPECT_TRUE(is_found());
  EXPECT_TRUE(says("(ITLFile.tlv and 1 ITL of a phone)")) << text_;
  EXPECT_TRUE(says("(cluster b is 7.1.5)")) << text_;
  EXPECT_TRUE(says("dialtone files rm")) << text_;
  import(R"({"remote_clusters": [{"name": "b", "version": "8.0"}]})");
  EXPECT_FALSE(is_found());
}

TEST_F(SbdMismatch, OfTheServersThatPhonesRegisterWith) {
  write("ITLSEP001122334455.tlv");
  import(R"({"cm_nodes": [{"name": "cm-a", "version": "7.0"}, {"name": "cm-b", "version": "12.5"}],
             "cm_groups": [{"name": "G", "members": ["cm-b", "cm-a"]}]})");
  EXPECT_FALSE(is_found()) << "no pool has the group";
  import(R"({"device_pools": [{"name": "P", "cm_group": "G", "date_time_group": "CMLocal"}]})");
  EXPECT_TRUE(is_found());
  EXPECT_TRUE(says("(1 ITL of a phone)")) << text_;
  EXPECT_TRUE(says("(server cm-a is 7.0)")) << text_;
}

}  // namespace
}  // namespace dialtone::daemon
