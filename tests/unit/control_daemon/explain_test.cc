// SPDX-License-Identifier: Apache-2.0
//
// Rows 20, 29 to 34 and 37 of docs/features.md as their commands ask, with the claims that stand
// there; and the reasons why a name is not served.
#include "control/assertion/assertion.h"
#include "tests/unit/control_daemon/served_api_fixture.h"

#include <string>

namespace dialtone::daemon {
namespace {

class Explain : public ServedApiFixture {
 protected:
  Json explain(const std::string& name, Json arguments = Json::object()) {
    arguments["name"] = name;
    return call("explain", std::move(arguments));
  }
  // As `dialtone ... --assert CLAIM` looks at it; empty: it holds.
  static std::string verdict(const Json& reply, const std::string& claim) {
    if (!reply.value("ok", false)) {
      return reply.dump();
    }
    const assertion::Verdict verdict = assertion::Assertion::parse(claim)->check(reply["result"]);
    return verdict.holds ? "" : verdict.why;
  }
  std::string of_profile(const char* profile, const std::string& claim) {
    return verdict(explain("f.xml", {{"profile", profile}}), claim);
  }
  std::string why(const std::string& name) { return explain(name)["result"].value("why", ""); }
  void expect_why(const std::string& name, const std::string& part) {
    EXPECT_NE(why(name).find(part), std::string::npos) << name << ": " << why(name);
  }
  void execute(const std::string& sql) {
    const auto done = service_->database()->execute(sql);
    ASSERT_TRUE(done.ok()) << done.error().text;
    ASSERT_TRUE(service_->follow_database().ok());
  }
  void add_cluster(const char* name, bool is_enabled, std::initializer_list<const char*> servers) {
    Json row = {{"name", name}, {"is_enabled", is_enabled}, {"servers", Json::array()}};
    for (const char* server : servers) {
      row["servers"].push_back({{"address", server}});
    }
    const auto file = api::text_memfd(Json{{"remote_clusters", {row}}}.dump());
    const Json reply = call("import json", {{"file", "clusters.json"}}, file->get());
    ASSERT_TRUE(reply["ok"].get<bool>()) << reply;
  }
};

TEST_F(Explain, TheSearchOrderIsThatOfTheProfile) {
  EXPECT_EQ(of_profile("cm3", R"(steps == ["primary"] && last == "primary")"), "");
  add_cluster("b", false, {"10.0.0.8"});
  add_cluster("c", true, {"10.0.0.9"});
  EXPECT_EQ(of_profile("cm3", R"(steps==["primary","alt1"])"), "");
  EXPECT_EQ(of_profile("cm5", R"(steps[0]=="cache")"), "");
  EXPECT_EQ(of_profile("cm5", R"(steps==["cache","primary","alt1"])"), "");
  EXPECT_EQ(of_profile("cm9", R"(count("cache")==3 && after("disk","cache"))"), "");
  EXPECT_EQ(of_profile("cm14", R"(last=="cluster:c")"), "");
  EXPECT_EQ(of_profile("cm12", R"(steps==["local","cluster:c"] && disabled==["b"])"), "");
  EXPECT_EQ(of_profile("cm12", R"(found==["nothing","not asked"])"), "");
  EXPECT_EQ(of_profile("cm9", R"(places[4]=="10.0.0.9 of cluster c")"), "");
  EXPECT_EQ(explain("f.xml")["result"]["profile"], "dialtone");
  EXPECT_EQ(explain("f.xml", {{"profile", "cm4"}})["code"], 2);
}

TEST_F(Explain, AReleaseHasTenAlternatesAtMost) {
  for (const char* name : {"a", "b", "c", "d"}) {
    add_cluster(name, true, {"10.0.0.1", "10.0.0.2", "10.0.0.3"});
  }
  EXPECT_EQ(of_profile("cm5", R"(steps == 12 && last == "alt10")"), "");
  EXPECT_EQ(of_profile("cm9", R"(steps == 16 && last == "alt12")"), "");
  EXPECT_EQ(of_profile("cm14", R"(steps == 5 && places[1] == "10.0.0.1, 10.0.0.2, 10.0.0.3")"), "");
}

TEST_F(Explain, EachSourceIsFoundInItsPlace) {
  add_phone();
  struct Case {
    const char* name;
    const char* profile;
    const char* claim;
  };
  for (const Case& c : {
           Case{"SEP001122334455.cnf.xml", "cm9", R"(origin=="device" && found[0]=="file")"},
           Case{"SEP001122334455.cnf.xml", "cm5", R"(found==["file","not reached"])"},
           Case{"XMLDefault.cnf.xml", "cm9", R"(origin=="default" && found[1]=="file")"},
           Case{"AppDialRules.xml", "cm9", R"(answer=="not-found" && found[3]=="nothing")"},
           Case{"RINGLIST.XML", "cm9", R"(origin=="asset" && found[3]=="file")"},
           Case{"RINGLIST.XML", "cm5", R"(found==["nothing","file"])"},
           Case{"RINGLIST.XML", "cm3", R"(found==["file"])"},
       }) {
    EXPECT_EQ(verdict(explain(c.name, {{"profile", c.profile}}), c.claim), "") << c.name;
  }
}

TEST_F(Explain, AFileThatIsThere) {
  add_phone();
  const Json reply = explain("/sep001122334455.CNF.XML");
  EXPECT_EQ(verdict(reply, R"(answer=="data" && origin=="device" && class=="phone" && !signed)"),
            "");
  EXPECT_EQ(verdict(reply, R"(name=="sep001122334455.cnf.xml" && length > 1000)"), "");
  const Json& result = reply["result"];
  EXPECT_EQ(result["why"], "it is built of the rows of SEP001122334455");
  EXPECT_EQ(result["error"], nullptr);
  EXPECT_GE(result["generation"], 1);
  EXPECT_FALSE(reply.contains("warnings")) << reply;
  EXPECT_EQ(result["device"]["known"], true);
  EXPECT_EQ(result["device"]["files"][0]["state"], "served");
  EXPECT_EQ(why("ringlist.xml"), "it lies in the asset folder as RingList.xml");
}

// Whatever lies ready.
using ExplainUnserved = ApiFixture;
TEST_F(ExplainUnserved, NobodyAnswersWithoutADataplane) {
  for (const char* name : {"RingList.xml", "nosuch.xml", "SEP00DEAD000001.cnf.xml", "a/../b"}) {
    const Json reply = call("explain", {{"name", name}});
    const Json& result = reply["result"];
    EXPECT_EQ(result["answer"], "silence") << name;
    EXPECT_EQ(result["why"], "no dataplane is connected on " + folder_.file("dataplane.sock") +
                                 "; start dialtone-dataplane");
    EXPECT_EQ(result["error"], nullptr) << "nobody sends one";
    EXPECT_EQ(result["generation"], nullptr);
    EXPECT_FALSE(reply.contains("warnings")) << reply;
  }
  const Json next = call("explain", {{"name", "SEP00DEAD000001.cnf.xml"}})["result"]["next"];
  EXPECT_EQ(next["answer"], "silence") << next;
}

// Row 20.
TEST_F(Explain, AFileThatIsNowhere) {
  EXPECT_EQ(verdict(explain("nosuch.xml"), R"(answer=="not-found" && error.code==1)"), "");
  expect_why("nosuch.xml", "the asset folder " + folder_.file("assets") + " has no such file");
  expect_why("ringlst.xml", "did you mean 'ringlist.xml'?");
  EXPECT_EQ(verdict(explain("a/../b"), R"(answer=="not-found" && name=="")"), "");
  expect_why("a/../b", "'..'");
  expect_why("/", "the name is empty");
  expect_why(std::string(300, 'a'), "300 bytes");
  expect_why("a\tb", "control byte");
  expect_why("DRhq.xml", "no dial plan has this file (dialtone dialplan ls)");
  expect_why("SKstd.xml", "no softkey template");
  expect_why("stdFP1.xml", "no feature policy");
  expect_why("ConfigFileCacheList.txt", "no list of all files is made");
  expect_why("gw1.example.cnf.xml", "no device or gateway of that name");
}

// Row 33.
TEST_F(Explain, AnUnknownPhoneAsksForTheDefaultNext) {
  const Json reply = explain("SEP00DEAD000001.cnf.xml");
  EXPECT_EQ(verdict(reply, R"(answer=="not-found" && !device.known )"
                           R"(&& next.name=="XMLDefault.cnf.xml" && next.answer=="data")"),
            "");
  expect_why("SEP00DEAD000001.cnf.xml", "no device SEP00DEAD000001 is in the database");
  EXPECT_EQ(explain("gk00dead000001")["result"]["next"]["name"], "gkdefault.cfg");
  EXPECT_EQ(explain("VGC00DEAD000001.cnf.xml")["result"]["next"], nullptr) << "no phone";
  EXPECT_EQ(explain("SEP00DEAD000001.cnf.xml.enc.sgn")["result"]["next"]["name"],
            "SEP00DEAD000001.cnf.xml.sgn");
}

TEST_F(Explain, AKnownDeviceWithoutThatFile) {
  add_phone();
  expect_why("SIP001122334455.cnf",
             "SEP001122334455 is a Cisco 7965 with SIP, whose files are others: "
             "SEP001122334455.cnf.xml");
  ASSERT_TRUE(call("param set", {{"name", "build-cnf"}, {"value", "all"}})["ok"].get<bool>());
  expect_why("SEP001122334455.cnf", "set 'encoder_cnf', put SEP001122334455.cnf into");
}

TEST_F(Explain, AFaultOfTheDevice) {
  add_phone();
  execute("PRAGMA foreign_keys = OFF; UPDATE devices SET model_id = 9999");
  ASSERT_FALSE(service_->builder().fault_of("sep001122334455.cnf.xml").empty());
  // The last good state is served on, and said to be that.
  const Json reply = explain("SEP001122334455.cnf.xml");
  EXPECT_EQ(reply["result"]["answer"], "data");
  EXPECT_NE(reply["warnings"].dump().find("model"), std::string::npos) << reply;
  expect_why("SEP001122334455.cnf", "model");
}

// Row 34.
TEST_F(Explain, ASignedFormThatIsNotMade) {
  add_phone();
  expect_why("SEP001122334455.cnf.xml.sgn", "[signing] of the configuration names no key");
  EXPECT_EQ(explain("SEP001122334455.cnf.xml.sgn")["result"]["next"]["name"],
            "XMLDefault.cnf.xml.sgn");
  folder_.write("assets/RingList.xml.sgn", "as it came");
  ASSERT_TRUE(service_->follow_folder().ok());
  const Json reply = explain("RINGLIST.XML.sgn");
  EXPECT_EQ(verdict(reply, R"(answer=="data" && !signed)"), "");
  EXPECT_NE(reply["warnings"].dump().find("takes no such signed file"), std::string::npos) << reply;
}

// Row 37.
TEST_F(Explain, ATrustListIsThatOfTheHomeCluster) {
  add_phone();
  for (const char* name : {"ITLSEP001122334455.tlv", "CTLSEP001122334455.tlv"}) {
    expect_why(name, "without a trust list a phone goes on as in a non-secure cluster");
    EXPECT_EQ(explain(name)["result"]["next"]["name"], "SEP001122334455.cnf.xml");
    folder_.write(std::string("assets/") + name, "list");
    ASSERT_TRUE(service_->follow_folder().ok());
    EXPECT_EQ(verdict(explain(name), R"(answer=="data" && origin=="home-cluster")"), "");
  }
  folder_.write("assets/ITLSEP00DEAD000001.tlv", "list");
  folder_.write("assets/ITLFile.tlv", "list");
  ASSERT_TRUE(service_->follow_folder().ok());
  EXPECT_EQ(verdict(explain("ITLSEP00DEAD000001.tlv"), R"(origin=="asset")"), "")
      << "no phone of ours";
  EXPECT_EQ(verdict(explain("ITLFile.tlv"), R"(origin=="asset")"), "") << "of nobody in particular";
}

// Row 37, where the cluster's list alone is there.
TEST_F(Explain, ATrustListOfTheClusterStandsForThatOfADevice) {
  add_phone();
  folder_.write("assets/CTLFile.tlv", "the cluster's");
  ASSERT_TRUE(service_->follow_folder().ok());
  EXPECT_EQ(verdict(explain("CTLSEP001122334455.tlv"),
                    R"(answer=="data" && origin=="home-cluster" && length==13)"),
            "");
  expect_why(
      "CTLSEP001122334455.tlv",
      "SEP001122334455 has none of its own, and that of the cluster lies in the asset folder as ");
  EXPECT_EQ(verdict(explain("ITLSEP001122334455.tlv"), R"(answer=="not-found")"), "");
  EXPECT_EQ(verdict(explain("CTLSEP00DEAD000001.tlv"), R"(answer=="not-found")"), "");
  const Json shown = call("files cat", {{"name", "CTLSEP001122334455.tlv"}});
  EXPECT_EQ(verdict(shown, R"(name=="ctlsep001122334455.tlv" && length==13)"), "");
}

TEST_F(Explain, ALoadThatIsHeldBack) {
  folder_.write("assets/SIP45.9-4.loads", "a.sbn\n");
  ASSERT_TRUE(service_->follow_folder().ok());
  expect_why("SIP45.9-4.loads", "held back until all that it lists is there: ");
  expect_why("SIP45.9-4.loads", "a.sbn");
  folder_.write("assets/a.sbn", "a");
  ASSERT_TRUE(service_->follow_folder().ok());
  EXPECT_EQ(verdict(explain("SIP45.9-4.loads"), R"(answer=="data" && class=="firmware")"), "");
}

TEST_F(Explain, TheDeviceThatAsks) {
  add_phone();
  Json reply = explain("RINGLIST.XML", {{"device", "00:11:22:33:44:55"}});
  EXPECT_EQ(verdict(reply, R"(device.name=="SEP001122334455" && device.known)"), "");
  reply = explain("SEP00DEAD000001.cnf.xml", {{"device", "SEP001122334455"}});
  EXPECT_NE(reply["warnings"].dump().find("one of SEP00DEAD000001, not of SEP001122334455"),
            std::string::npos)
      << reply;
  EXPECT_EQ(explain("RINGLIST.XML", {{"device", "nobody"}})["code"], 3);
  EXPECT_EQ(explain("RINGLIST.XML", {{"client", "10.0.0"}})["code"], 2);
  EXPECT_EQ(call("explain")["code"], 2);
}

}  // namespace
}  // namespace dialtone::daemon
