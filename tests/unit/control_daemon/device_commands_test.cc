// SPDX-License-Identifier: Apache-2.0
//
// device add, set, show and rm, through the control socket.
#include "control/database/device_store.h"
#include "tests/unit/control_daemon/api_fixture.h"

#include <chrono>
#include <string>
#include <thread>

namespace dialtone::daemon {
namespace {

using api::Json;
using DeviceCommands = ApiFixture;

TEST_F(DeviceCommands, ADeviceIsAddedChangedAndRemovedWithItsFile) {
  Json reply = add_phone();
  ASSERT_TRUE(reply["ok"].get<bool>()) << reply;
  EXPECT_EQ(reply["result"]["publish"]["state"], "pending");
  EXPECT_EQ(reply["result"]["publish"]["files"], 1);
  EXPECT_NE(content("SEP001122334455.cnf.xml").find("1001"), std::string::npos);

  reply = call("device set", {{"name", "sep001122334455"}, {"set", {{"line1.label", "Lobby<>"}}}});
  ASSERT_TRUE(reply["ok"].get<bool>()) << reply;
  EXPECT_EQ(reply["result"]["changed"], Json::array({"line1.label"}));
  EXPECT_NE(content("SEP001122334455.cnf.xml").find("Lobby&lt;&gt;"), std::string::npos);

  reply = call("device show", {{"name", "SEP001122334455"}});
  EXPECT_EQ(reply["result"]["device"]["line1.label"], "Lobby<>");
  EXPECT_EQ(reply["result"]["file"], "sep001122334455.cnf.xml");
  EXPECT_EQ(call("device ls")["result"]["devices"].size(), 1u);

  reply = call("device rm", {{"names", {"SEP001122334455"}}});
  EXPECT_EQ(reply["result"]["removed"], 1) << reply;
  EXPECT_NE(content("SEP001122334455.cnf.xml").find("no file"), std::string::npos);
}

TEST_F(DeviceCommands, AKeyIsChangedUnderItsOwnNameAndOnce) {
  add_phone();
  const auto set = [&](const Json& keys) {
    return call("device set", {{"name", "SEP001122334455"}, {"set", keys}});
  };
  const Json reply = set({{"desc", "Lobby"}, {"LABEL", "front"}});
  EXPECT_EQ(reply["result"]["changed"], Json::array({"description", "label"})) << reply;
  EXPECT_EQ(set({{"desc", "a"}, {"description", "b"}})["error"],
            "'description' is given twice; give it once");
  EXPECT_EQ(call("device show", {{"name", "SEP001122334455"}})["result"]["device"]["description"],
            "Lobby");
}

TEST_F(DeviceCommands, ADeviceThatIsNamedTwiceIsRemovedOnce) {
  add_phone();
  Json reply =
      call("device rm", {{"names", {"SEP001122334455", "00:11:22:33:44:55", "SEP001122334455"}}});
  EXPECT_EQ(reply["result"]["removed"], 1) << reply;
  EXPECT_EQ(call("status")["result"]["devices"], 0);
}

TEST_F(DeviceCommands, ARowWithANameThatIsNoneIsRemovedByThatName) {
  auto other = database::Database::open(folder_.file("phones.db"));
  std::chrono::seconds later{0};
  for (const std::string name : {"../BAD", "SEP\nCONTROL INFO: ALL IS WELL", "SEP1"}) {
    add_phone();
    const auto renamed = other->run("UPDATE devices SET name = ?1", name);
    ASSERT_TRUE(renamed.ok()) << renamed.error().text;
    later += std::chrono::seconds(10);
    service_->step(Clock::now() + later);
    const std::string warnings = call("status")["warnings"].dump();
    EXPECT_NE(warnings.find("'" + name.substr(0, 3)), std::string::npos) << warnings;
    EXPECT_EQ(warnings.find("\\n"), std::string::npos) << warnings;
    const Json reply = call("device rm", {{"names", {name}}});
    EXPECT_EQ(reply["result"]["removed"], 1) << reply;
    EXPECT_EQ(call("status")["result"]["devices"], 0);
    EXPECT_EQ(call("device rm", {{"names", {name}}})["code"], 3);
  }
}

TEST_F(DeviceCommands, ADatabaseThatFailsIsNoRefusal) {
  add_phone();
  auto other = database::Database::open(folder_.file("phones.db"));
  ASSERT_TRUE(other->execute("ALTER TABLE models RENAME TO gone").ok());
  Json reply = call("device rm", {{"names", {"SEP00112233AAAA"}}});
  EXPECT_EQ(reply["code"], 1) << reply;
  EXPECT_NE(reply["error"].get<std::string>().find("nothing was removed"), std::string::npos);
}

TEST_F(DeviceCommands, AChangeThatChangesNothingBuildsNothing) {
  add_phone();
  const Json reply =
      call("device set", {{"name", "SEP001122334455"}, {"set", {{"line1.dn", "1001"}}}});
  EXPECT_EQ(reply["result"]["changed"], Json::array());
  EXPECT_EQ(reply["result"]["publish"]["files"], 0);
}

TEST_F(DeviceCommands, WhatIsWrongIsRefusedAndNothingChanges) {
  add_phone();
  const std::string before = content("SEP001122334455.cnf.xml");
  for (const Json& set : {Json{{"pool", "Londn"}}, Json{{"colour", "red"}},
                          Json{{"line1.dn", "\x01"}}, Json{{"name", "SEP0"}}}) {
    const Json reply = call("device set", {{"name", "SEP001122334455"}, {"set", set}});
    EXPECT_FALSE(reply["ok"].get<bool>()) << set;
    EXPECT_EQ(reply["code"], 3) << reply;
  }
  EXPECT_EQ(call("device add", {{"name", "SEP001122334455"}})["code"], 3);
  EXPECT_EQ(call("device set", {{"name", "SEP00112233AAAA"}})["code"], 3);
  EXPECT_EQ(call("device rm", {{"names", {"SEP001122334455", "SEP00112233AAAA"}}})["code"], 3);
  EXPECT_EQ(content("SEP001122334455.cnf.xml"), before);
}

// Feature 12, and every other fault: its code is in the reply, and the error says one of them
// alone.
TEST_F(DeviceCommands, FaultsComeWithTheirCodes) {
  add_phone();
  Json reply = call("device set", {{"name", "SEP001122334455"}, {"set", {{"pool", "Londn"}}}});
  ASSERT_EQ(reply["faults"].size(), 1u) << reply;
  EXPECT_EQ(reply["faults"][0]["code"], "unknown-pool");
  EXPECT_EQ(reply["error"], "SEP001122334455: " + reply["faults"][0]["text"].get<std::string>());
  reply = call("device set", {{"name", "SEP001122334455"},
                              {"set", {{"pool", "Londn"}, {"softkey", "std"}, {"line9.dn", "1"}}}});
  ASSERT_EQ(reply["faults"].size(), 3u) << reply;
  EXPECT_EQ(reply["error"], "SEP001122334455: 3 faults; nothing was saved");
  reply = call("device set", {{"name", "SEP001122334455"}, {"set", {{"a", "1"}, {"b", "2"}}}});
  ASSERT_EQ(reply["faults"].size(), 2u) << reply;
  EXPECT_EQ(reply["faults"][1]["code"], "bad-value");
  EXPECT_EQ(add_phone()["faults"][0]["code"], "device-exists");
  reply = call("device set", {{"name", "SEP00112233AAAA"}});
  EXPECT_EQ(reply["faults"][0]["code"], "unknown-device");
  // A phone of this model has no softkey file.
  ASSERT_TRUE(service_->database()
                  ->execute("INSERT INTO softkey_templates (name) VALUES ('std');"
                            "UPDATE models SET family = 'sip7960' WHERE name = 'Cisco 7965'")
                  .ok());
  reply = call("device set", {{"name", "SEP001122334455"}, {"set", {{"softkey", "std"}}}});
  ASSERT_EQ(reply["faults"].size(), 1u) << reply;
  EXPECT_EQ(reply["faults"][0]["code"], "model-no-softkey");
}

// Another process that changes the database, and commits when a command waits for it already.
class Writer {
 public:
  template <typename Change>
  Writer(const std::string& path, Change change) : database_(*database::Database::open(path)) {
    EXPECT_TRUE(database_.execute("BEGIN IMMEDIATE").ok());
    change(database_);
    commit_ = std::thread([this] {
      std::this_thread::sleep_for(std::chrono::milliseconds(300));
      EXPECT_TRUE(database_.execute("COMMIT").ok());
    });
  }
  ~Writer() { commit_.join(); }

 private:
  database::Database database_;
  std::thread commit_;
};

// The MAC address is the device; a prefix only says of which model it is to be.
TEST_F(DeviceCommands, ADeviceIsNotReplacedByOneThatIsAddedUnderAnotherPrefix) {
  add_phone();
  const std::string before = content("SEP001122334455.cnf.xml");
  for (const char* name : {"SIP001122334455", "ld001122334455", "00:11:22:33:44:55"}) {
    const Json reply = call("device add", {{"name", name}, {"set", {{"model", "Cisco 7960"}}}});
    ASSERT_EQ(reply["ok"], false) << name;
    EXPECT_EQ(reply["faults"][0]["code"], "device-exists") << reply;
  }
  EXPECT_EQ(content("SEP001122334455.cnf.xml"), before);
  EXPECT_EQ(call("device show", {{"name", "sip001122334455"}})["error"],
            "'sip001122334455' would be of another model than SEP001122334455 is; call it "
            "SEP001122334455");
}

TEST_F(DeviceCommands, AChangeKeepsWhatAnotherProcessCommitsMeanwhile) {
  add_phone();
  {
    const Writer other(folder_.file("phones.db"), [](database::Database& database) {
      EXPECT_TRUE(database.execute("UPDATE devices SET owner = 'ada'").ok());
    });
    Json reply = call("device set", {{"name", "SEP001122334455"}, {"set", {{"label", "Lobby"}}}});
    EXPECT_TRUE(reply["ok"].get<bool>()) << reply;
    EXPECT_EQ(reply["result"]["changed"], Json::array({"label"}));
  }
  Json device = call("device show", {{"name", "SEP001122334455"}})["result"]["device"];
  EXPECT_EQ(device["owner"], "ada");
  EXPECT_EQ(device["label"], "Lobby");
}

TEST_F(DeviceCommands, ADeviceThatAnotherProcessAddsMeanwhileIsNotOverwritten) {
  add_phone();
  const std::string name = "SEP001122334466";
  {
    const Writer other(folder_.file("phones.db"), [&](database::Database& database) {
      database::DeviceStore store(database);
      database::Device device = **store.find("SEP001122334455");
      device.name = name;
      device.label = "Theirs";
      EXPECT_TRUE(store.write(device).ok());
    });
    Json reply = call(
        "device add",
        {{"name", name},
         {"set",
          {{"model", "Cisco 7965"}, {"protocol", "SIP"}, {"pool", "Default"}, {"label", "Ours"}}}});
    EXPECT_EQ(reply["code"], 3) << reply;
  }
  EXPECT_EQ(call("device show", {{"name", name}})["result"]["device"]["label"], "Theirs");
}

}  // namespace
}  // namespace dialtone::daemon
