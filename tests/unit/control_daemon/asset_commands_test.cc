// SPDX-License-Identifier: Apache-2.0
//
// files put, rm, versions and restore, through the control socket.
#include "control/build/hidden_asset.h"
#include "tests/unit/control_daemon/api_fixture.h"

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace dialtone::daemon {
namespace {

class AssetCommands : public ApiFixture {
 protected:
  using Texts = std::vector<std::pair<std::string, std::string>>;

  // `cut`: so many bytes of the end are not sent.
  Json put(const Texts& texts, std::size_t cut = 0, Json more = Json::object()) {
    std::string all;
    more["files"] = Json::array();
    for (const auto& [name, text] : texts) {
      more["files"].push_back({{"name", name}, {"length", text.size()}});
      all += text;
    }
    const auto file = api::text_memfd(all.substr(0, all.size() - cut));
    return call("files put", std::move(more), file->get());
  }
};

TEST_F(AssetCommands, APutIsServedAtOnceAndComesBack) {
  Json reply = put({{"ringlist.xml", "new"}, {"Desktops/a.png", "png"}}, 0, {{"note", "n"}});
  ASSERT_TRUE(reply["ok"].get<bool>()) << reply;
  EXPECT_EQ(reply["result"]["added"], 1);
  EXPECT_EQ(reply["result"]["updated"], 1);
  EXPECT_EQ(reply["result"]["publish"]["files"], 2);
  EXPECT_EQ(reply["result"]["prev"], reply["result"]["generation"]) << "no dataplane";
  EXPECT_EQ(content("RingList.xml"), "new");
  EXPECT_EQ(content("desktops/A.PNG"), "png");
  EXPECT_EQ(call("files ls")["result"]["partial"], 0);

  reply = call("files versions", {{"name", "RingList.xml"}});
  EXPECT_EQ(reply["result"]["current"], 2) << reply;
  EXPECT_EQ(reply["result"]["versions"][0]["found"], true);
  EXPECT_EQ(reply["result"]["versions"][1]["note"], "n");
  reply = call("files restore", {{"name", "RingList.xml"}, {"version", 1}});
  EXPECT_TRUE(reply["ok"].get<bool>()) << reply;
  EXPECT_EQ(content("RingList.xml"), "<rings/>");
  reply = call("files rm", {{"names", {"RingList.xml", "nothing"}}});
  EXPECT_EQ(reply["code"], 3);
  EXPECT_EQ(reply["faults"][0]["code"], "unknown-file");
  EXPECT_EQ(content("RingList.xml"), "<rings/>") << "all or none";
  EXPECT_EQ(call("files rm", {{"names", {"RingList.xml"}}})["result"]["removed"], 1);
  EXPECT_NE(content("RingList.xml").find("no file"), std::string::npos);
}

TEST_F(AssetCommands, WhatIsNotWholeLeavesNothing) {
  const Json reply = put({{"a.loads", "a.sbn\n"}, {"a.sbn", "12345678"}}, 7);
  EXPECT_EQ(reply["code"], 3) << reply;
  EXPECT_NE(reply["error"].get<std::string>().find("7 bytes came of 14"), std::string::npos);
  EXPECT_EQ(call("files ls")["result"]["count"], 2) << "the ring list and XMLDefault";
  EXPECT_EQ(call("files ls")["result"]["partial"], 0);
  EXPECT_FALSE(std::filesystem::exists(folder_.file("assets/.dialtone/staging/0")));
  const auto none = api::text_memfd("x");
  const Json huge = {{"name", "a"}, {"length", ~std::uint64_t{0}}};
  EXPECT_EQ(
      call("files put", {{"files", {huge, {{"name", "b"}, {"length", 2}}}}}, none->get())["code"],
      3);
}

TEST_F(AssetCommands, ABadNameRefusesAllOfThem) {
  const Json reply = put({{"good", "g"}, {"../etc/passwd", "x"}, {".dialtone/x", "x"}});
  EXPECT_EQ(reply["code"], 3);
  EXPECT_EQ(reply["faults"].size(), 2u) << reply;
  EXPECT_EQ(reply["faults"][1]["code"], "hidden-name");
  EXPECT_NE(content("good").find("no file"), std::string::npos);
}

// Said once, of what can be seen, and of what a terminal holds.
TEST_F(AssetCommands, ANameThatNoFileHasIsRefused) {
  const Json out = call("files rm", {{"names", {"../x", ""}}});
  ASSERT_EQ(out["faults"].size(), 2u) << out;
  EXPECT_EQ(out["faults"][0]["file"], "'../x'");
  EXPECT_EQ(out["faults"][0]["code"], "bad-name");
  EXPECT_EQ(out["faults"][0]["text"].get<std::string>().find("no name has '.'"), 0u) << out;
  EXPECT_EQ(out["faults"][1]["file"], "''");
  const std::string longest(3000, 'x');
  for (const std::string& name : {std::string(), std::string("../x"), longest}) {
    for (const char* command : {"files versions", "files restore"}) {
      const Json reply = call(command, {{"name", name}});
      const auto error = reply["error"].get<std::string>();
      EXPECT_EQ(reply["code"], 3) << error;
      EXPECT_EQ(error.find("'" + name.substr(0, 60)), 0u) << error;
      EXPECT_LT(error.size(), 300u) << error;
    }
    EXPECT_LT(call("files rm", {{"names", {name}}}).dump().size(), 500u);
  }
  EXPECT_LT(call("files cat", {{"name", longest}}).dump().size(), 300u);
  EXPECT_LT(call("loads check", {{"name", longest}}).dump().size(), 300u);
  EXPECT_LT(call("change trace", {{"id", longest}}).dump().size(), 300u);
  EXPECT_LT(call("explain", {{"name", "x"}, {"client", longest}}).dump().size(), 300u);
  EXPECT_LT(call("param set", {{"name", "tvs_port"}, {"value", longest}}).dump().size(), 300u);
  EXPECT_LT(call("gateway add", {{"name", "gw"}, {"set", {{"kind", longest}}}}).dump().size(),
            400u);
}

TEST_F(AssetCommands, ABuiltFileThatHidesOneIsWarnedOf) {
  add_phone();
  const Json reply = put({{"SEP001122334455.cnf.xml", "mine"}, {"other.xml", "x"}});
  ASSERT_TRUE(reply["ok"].get<bool>()) << reply;
  ASSERT_EQ(reply["warnings"].size(), 1u) << reply;
  EXPECT_NE(reply["warnings"][0].get<std::string>().find("hidden"), std::string::npos);
  EXPECT_NE(content("SEP001122334455.cnf.xml"), "mine");
  EXPECT_EQ(put({{"third.xml", "x"}}).count("warnings"), 0u) << "it was told of";
  const Json checked = call("check");
  ASSERT_TRUE(checked["ok"].get<bool>()) << "a warning there too: " << checked;
  ASSERT_EQ(checked["warnings"].size(), 1u) << checked;
  EXPECT_NE(checked["warnings"][0].get<std::string>().find("has a device for that name"),
            std::string::npos);
}

TEST_F(AssetCommands, WhatHidesOneIsCalledWhatItIs) {
  const Json reply = put({{"XMLDefault.cnf.xml", "mine"}});
  ASSERT_EQ(reply["warnings"].size(), 1u) << reply;
  EXPECT_NE(reply["warnings"][0].get<std::string>().find("the default file of that name"),
            std::string::npos)
      << reply;
  EXPECT_NE(build::hidden_by(abi::FileClass::kRing).find("shared rows"), std::string::npos);
}

// The files of the store are no assets.
TEST_F(AssetCommands, OldVersionsAreNeverServed) {
  put({{"a", "1"}});
  put({{"a", "2"}});
  EXPECT_TRUE(service_->build_all().ok());
  EXPECT_EQ(call("files ls", {{"pattern", "*dialtone*"}})["result"]["count"], 0);
}

}  // namespace
}  // namespace dialtone::daemon
