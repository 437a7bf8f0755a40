// SPDX-License-Identifier: Apache-2.0
//
// Row 4 of docs/features.md: a gateway is described by commands, and its file carries all of it.
#include "control/assertion/assertion.h"
#include "control/daemon/gateway_keys.h"
#include "tests/unit/control_daemon/api_fixture.h"

namespace dialtone::daemon {
namespace {

class GatewayCommands : public ApiFixture {
 protected:
  Json add(const std::string& name, Json pairs) {
    return call("gateway add", {{"name", name}, {"set", std::move(pairs)}});
  }
  Json set(const std::string& name, Json pairs) {
    return call("gateway set", {{"name", name}, {"set", std::move(pairs)}});
  }
  void add_mgcp() {
    const Json reply = add("gw1", {{"kind", "mgcp"},
                                   {"domain", "example.com"},
                                   {"product", "VG310"},
                                   {"unit0.product", "ANALOG"},
                                   {"subunit0/1.product", "24FXS-MGCP"},
                                   {"ports0/1", "0-2"},
                                   {"port0/1/1.dn", "4001"}});
    ASSERT_TRUE(reply["ok"].get<bool>()) << reply;
    EXPECT_EQ(reply["result"]["gateway"], "gw1");
    EXPECT_EQ(reply["result"]["rebuilt"], 1);
  }
  Json put_template(const std::string& name, const std::string& text, Json more = {}) {
    const auto file = api::text_memfd(text);
    Json arguments = {{"name", name}, {"file", "vg.xml"}};
    arguments.update(more.is_null() ? Json::object() : more);
    return call("gatewaytemplate set", arguments, file->get());
  }
  bool has(const std::string& file, const std::string& text) {
    return content(file).find(text) != std::string::npos;
  }
  static std::string error(const Json& reply) { return reply.value("error", ""); }
  static std::string code(const Json& reply) {
    return reply.value("faults", Json::array()).empty()
               ? reply.dump()
               : reply["faults"][0]["code"].get<std::string>();
  }
  static std::string verdict(const Json& reply, const std::string& claim) {
    if (!reply.value("ok", false)) {
      return reply.dump();
    }
    const assertion::Verdict verdict = assertion::Assertion::parse(claim)->check(reply["result"]);
    return verdict.holds ? "" : verdict.why;
  }
};

TEST_F(GatewayCommands, AGatewayOfTheDatabaseIsAFile) {
  add_mgcp();
  const std::string file = content("gw1.example.com.cnf.xml");
  EXPECT_NE(file.find("<endpointName>AALN/S0/SU1/2@gw1.example.com</endpointName>"), file.npos)
      << file;
  EXPECT_NE(file.find("<directoryNumber>4001</directoryNumber>"), file.npos);
  EXPECT_EQ(verdict(call("gateway ls"),
                    "count == 1 && gateways[0].ports == 3 && gateways[0].state == \"unverified\""),
            "");
  EXPECT_EQ(verdict(call("gateway ls", {{"pattern", "SKIGW*"}}), "count == 0"), "");
  EXPECT_EQ(verdict(call("status"), "gateways.count == 1 && gateways.unverified == 1"), "");
  const Json files = call("files ls", {{"pattern", "gw1*"}});
  EXPECT_EQ(files["result"]["files"][0]["class"], "gateway");
  EXPECT_TRUE(files["result"]["files"][0].value("unverified", false));
  EXPECT_FALSE(
      call("files ls", {{"pattern", "xmldefault*"}})["result"]["files"][0].contains("unverified"));
}

TEST_F(GatewayCommands, WhatIsShownCanBeGivenBack) {
  add_mgcp();
  set("gw1", {{"settings.tftpRetries", "3"}, {"port0/1/0.settings.signaling", "groundStart"}});
  Json keys = call("gateway show", {{"name", "GW1"}})["result"]["gateway"];
  EXPECT_EQ(keys["ports0/1"], "0-2");
  EXPECT_EQ(keys["settings.tftpRetries"], "3");
  EXPECT_EQ(keys["port0/1/0.settings.signaling"], "groundStart");
  const std::string before = content("gw1.example.com.cnf.xml");
  EXPECT_EQ(verdict(call("gateway rm", {{"names", {"gw1"}}}), "removed == 1"), "");
  EXPECT_NE(content("gw1.example.com.cnf.xml").find("is served"), std::string::npos);
  keys.erase("name");
  EXPECT_TRUE(add("gw1", keys)["ok"].get<bool>());
  const auto body = [](const std::string& text) { return text.substr(0, text.find("<version")); };
  EXPECT_EQ(body(content("gw1.example.com.cnf.xml")), body(before));
}

TEST_F(GatewayCommands, AnSccpGatewayHasAFileForEachPort) {
  const Json reply = add("00:1f:ca:c3:de:10", {{"kind", "sccp"},
                                               {"product", "VG224"},
                                               {"unit2.product", "ANALOG"},
                                               {"subunit2/0.product", "24FXS-SCCP"},
                                               {"ports2/0", "0-1"},
                                               {"port2/0/0.dn", "4001"}});
  EXPECT_EQ(reply["result"]["gateway"], "SKIGW1FCAC3DE10") << reply;
  EXPECT_TRUE(has("SKIGW1FCAC3DE10.cnf.xml", "AN1FCAC3DE10401"));
  EXPECT_TRUE(has("AN1FCAC3DE10400.cnf.xml", "<device "));
  EXPECT_EQ(call("gateway show", {{"name", "001fcac3de10"}})["result"]["files"].size(), 3u);
  // A change of it is its files alone; one of a device is none of it.
  add_phone();
  EXPECT_EQ(verdict(set("SKIGW1FCAC3DE10", {{"port2/0/1.dn", "4002"}}), "rebuilt == 2"), "");
  EXPECT_EQ(verdict(set("SKIGW1FCAC3DE10", {{"ports2/0", "1"}}), "changed[0] == \"ports2/0\""), "");
  EXPECT_NE(content("AN1FCAC3DE10400.cnf.xml").find("is served"), std::string::npos);
  EXPECT_TRUE(add("SDA001122334455", {{"product", "WS-X6608-T1"}})["ok"].get<bool>());
  EXPECT_TRUE(has("SDA001122334455.cnf.xml", "<product>WS-X6608-T1</product>"));
}

TEST_F(GatewayCommands, WhatIsWrongIsRefusedAndTheOldFileStays) {
  add_mgcp();
  const std::string before = content("gw1.example.com.cnf.xml");
  const auto refusal = [&](Json pairs) {
    const Json reply = set("gw1", std::move(pairs));
    EXPECT_FALSE(reply["ok"].get<bool>()) << reply;
    std::string all = error(reply);
    for (const Json& fault : reply.value("faults", Json::array())) {
      all += "\n" + fault["text"].get<std::string>();
    }
    return all;
  };
  EXPECT_NE(refusal({{"domain", "exa mple"}}).find("'exa mple' is no domain"), std::string::npos);
  EXPECT_NE(refusal({{"domian", "x"}})
                .find("'domian' is no key of a gateway; did you mean "
                      "'domain'?"),
            std::string::npos);
  EXPECT_NE(refusal({{"port0/1/2.nd", "x"}}).find("did you mean 'port0/1/2.dn'?"),
            std::string::npos);
  EXPECT_NE(refusal({{"settings.tftpRetrys", "2"}})
                .find("'tftpRetrys' is no setting of a gateway; did you mean 'tftpRetries'?"),
            std::string::npos);
  EXPECT_NE(refusal({{"port0/1/0.settings.inputGain", "99"}})
                .find("'inputGain' wants a number from -6 to 14, not '99'"),
            std::string::npos);
  EXPECT_NE(refusal({{"ports0/1", "0-2,1"}}).find("port 1 is there twice"), std::string::npos);
  EXPECT_NE(refusal({{"port0/1/0.settings.endpoint", "AALN/S0/SU1/1@gw1.example.com"}})
                .find("are both called"),
            std::string::npos);
  EXPECT_NE(refusal({{"port3/0/0.dn", "1"}}).find("set unit3.product"), std::string::npos);
  EXPECT_NE(refusal({{"pool", "Londn"}}).find("'Londn' is no device pool"), std::string::npos);
  EXPECT_NE(refusal({{"template", "x"}}).find("'x' is no template"), std::string::npos);
  std::string longer(63, 'a');
  EXPECT_NE(refusal({{"domain", longer + "." + longer + "." + longer + "." + longer}})
                .find("255 is the most"),
            std::string::npos);
  EXPECT_EQ(content("gw1.example.com.cnf.xml"), before);
  EXPECT_EQ(code(add("gw1", {{"kind", "mgcp"}, {"product", "x"}})), "gateway-exists");
  EXPECT_EQ(code(set("gw2", {{"product", "x"}})), "unknown-gateway");
  EXPECT_NE(error(add("gw2", {{"product", "x"}})).find("a gateway needs a kind"),
            std::string::npos);
  EXPECT_NE(error(add("gw 2", {{"kind", "mgcp"}})).find("is no host name of a gateway"),
            std::string::npos);
  EXPECT_NE(error(call("gateway rm", {{"names", {"gw1", "gw9"}}})).find("nothing was removed"),
            std::string::npos);
}

TEST_F(GatewayCommands, AllThatIsWrongIsSaidAtOnce) {
  add_mgcp();
  const auto codes = [](const Json& reply) {
    std::string all;
    for (const Json& fault : reply.value("faults", Json::array())) {
      all += fault["code"].get<std::string>() + " ";
    }
    return all;
  };
  Json reply =
      set("gw1", {{"domian", "x"}, {"ports0/1", "x"}, {"pool", "Londn"}, {"kind", "h323"}});
  EXPECT_EQ(codes(reply), "bad-value bad-value bad-value unknown-reference ") << reply;
  EXPECT_EQ(error(reply), "gw1: 4 faults; nothing was saved");
  reply = set("gw1", {{"domian", "x"}, {"template", "x"}, {"settings.tftpRetrys", "2"}});
  EXPECT_EQ(codes(reply), "bad-value bad-template unknown-setting ") << reply;
  // A product that was not understood is no second fault of what stands on it.
  reply = set("gw1", {{"unit3.prodct", "ANALOG"}, {"subunit3/0.product", "x"}});
  EXPECT_EQ(codes(reply), "bad-value ") << reply;
}

TEST_F(GatewayCommands, TheAdministratorsTemplate) {
  add_mgcp();
  const Json wrong = put_template("vg", "<mine>\n {{gateway.nmae}}</mine>");
  EXPECT_EQ(code(wrong), "unknown-field");
  EXPECT_EQ(wrong["faults"][0]["line"], 2);
  EXPECT_EQ(wrong["faults"][0]["column"], 4);
  EXPECT_EQ(
      verdict(put_template("vg", "<mine own='{{gateway.settings.own}}'/>", {{"product", "VG310"}}),
              "change == \"added\""),
      "");
  EXPECT_TRUE(has("gw1.example.com.cnf.xml", "<mine own=\"\"/>"));
  EXPECT_EQ(verdict(call("gateway ls"), "gateways[0].state == \"served\""), "");
  EXPECT_EQ(verdict(set("gw1", {{"settings.own", "x"}, {"template", "vg"}}), "rebuilt == 1"), "");
  EXPECT_TRUE(has("gw1.example.com.cnf.xml", "<mine own=\"x\"/>"));
  EXPECT_EQ(verdict(call("gatewaytemplate ls"), "templates[0].gateways == 1"), "");
  EXPECT_EQ(call("gatewaytemplate show", {{"name", "vg"}})["result"]["body"],
            "<mine own='{{gateway.settings.own}}'/>");
  EXPECT_EQ(code(call("gatewaytemplate rm", {{"name", "vg"}})), "in-use");
  EXPECT_NE(error(put_template("vg2", "<a/>", {{"product", "VG310"}})).find("is that of product"),
            std::string::npos);
  // Ours is one to begin with.
  const Json ours = call("gatewaytemplate show", {{"name", "mgcp"}});
  EXPECT_EQ(verdict(put_template("ours", ours["result"]["body"].get<std::string>()),
                    "change == \"added\""),
            "");
  EXPECT_TRUE(set("gw1", {{"template", "ours"}, {"settings.own", ""}})["ok"].get<bool>());
  EXPECT_TRUE(has("gw1.example.com.cnf.xml", "<units>"));
  EXPECT_EQ(verdict(call("gatewaytemplate rm", {{"name", "vg"}}), "removed == 1"), "");
  EXPECT_NE(error(call("gatewaytemplate show", {{"name", "vg"}})).find("ours are called mgcp"),
            std::string::npos);
}

// A file has one owner, whichever of the two comes first.
TEST_F(GatewayCommands, ADeviceDoesNotTakeTheFileOfAGateway) {
  ASSERT_TRUE(add("sep001122334455", {{"kind", "mgcp"}, {"product", "VG310"}})["ok"].get<bool>());
  const std::string before = content("sep001122334455.cnf.xml");
  const Json refused = add_phone();
  EXPECT_EQ(refused["code"], 3);
  EXPECT_EQ(code(refused), "duplicate-name");
  EXPECT_EQ(error(refused),
            "SEP001122334455: the gateway 'sep001122334455' has the file sep001122334455.cnf.xml; "
            "give the device another name, or remove that gateway first");
  const Json imported = import_csv("name,model\nSEP0011223344AA,8841\nSEP001122334455,8841\n");
  EXPECT_EQ(imported["code"], 3);
  EXPECT_EQ(imported["faults"][0]["line"], 3) << imported;
  EXPECT_EQ(code(imported), "duplicate-name");
  EXPECT_EQ(content("sep001122334455.cnf.xml"), before);
  EXPECT_TRUE(call("gateway rm", {{"names", {"sep001122334455"}}})["ok"].get<bool>());
  EXPECT_TRUE(add_phone()["ok"].get<bool>());
}

TEST_F(GatewayCommands, AnImportedGatewayDoesNotTakeTheFileOfADevice) {
  add_phone();
  add_mgcp();
  const auto gateway = [](const char* name, const char* domain) {
    return Json{{"name", name}, {"kind", "mgcp"}, {"pool", "Default"}, {"domain", domain}};
  };
  const auto file = api::text_memfd(Json{
      {"gateways",
       {gateway("gw2", ""), gateway("sep001122334455", ""),
        gateway("gw1.example", "com")}}}.dump());
  const Json reply = call("import json", {{"file", "x"}}, file->get());
  EXPECT_EQ(reply["code"], 3);
  ASSERT_EQ(reply["faults"].size(), 2u) << reply;
  EXPECT_EQ(reply["faults"][0]["text"],
            "gateways[1]: the device SEP001122334455 has the file sep001122334455.cnf.xml; rename "
            "one of them");
  EXPECT_EQ(reply["faults"][1]["text"],
            "gateways[2]: the gateway 'gw1' has the file gw1.example.com.cnf.xml; rename one of "
            "them");
  EXPECT_EQ(verdict(call("gateway ls"), "count == 1"), "");
}

// Another program may write such rows all the same.
TEST_F(GatewayCommands, AGatewayWhoseFileIsADevicesIsNotSaidToBeServed) {
  add_phone();
  const auto done = service_->database()->execute(
      "INSERT INTO gateways (name, kind, pool_id) VALUES ('sep001122334455', 'mgcp', "
      "(SELECT min(id) FROM device_pools))");
  ASSERT_TRUE(done.ok()) << done.error().text;
  ASSERT_TRUE(service_->follow_database().ok());
  EXPECT_EQ(verdict(call("gateway ls"), "gateways[0].state == \"not built\""), "");
  EXPECT_EQ(verdict(call("gateway show", {{"name", "sep001122334455"}}),
                    "files[0].state == \"not built\""),
            "");
}

// An export has all of it.
TEST_F(GatewayCommands, AnImportTakesWhatAnExportGives) {
  add_mgcp();
  put_template("vg", "<mine>\n</mine>");
  const std::string file = content("gw1.example.com.cnf.xml");
  ASSERT_TRUE(call("export json")["ok"].get<bool>());
  std::string text;
  char chunk[4096];
  for (ssize_t got; (got = ::pread(attachments_.at(0).get(), chunk, sizeof(chunk),
                                   static_cast<off_t>(text.size()))) > 0;) {
    text.append(chunk, static_cast<std::size_t>(got));
  }
  EXPECT_NE(text.find("\"gateway_templates\""), std::string::npos);
  call("gateway rm", {{"names", {"gw1"}}});
  call("gatewaytemplate rm", {{"name", "vg"}});
  const auto copy = api::text_memfd(text);
  EXPECT_TRUE(call("import json", {{"file", "x"}}, copy->get())["ok"].get<bool>());
  EXPECT_EQ(content("gw1.example.com.cnf.xml"), file);
}

TEST(GatewayKeys, AreThoseOfTheRow) {
  api::Json row = api::Json::object();
  const std::pair<const char*, const char*> keys[] = {
      {"unit0.product", "A"},         {"unit1.product", "B"}, {"subunit1/2.product", "C"},
      {"subunit1/2.begin_port", "1"}, {"ports1/2", "0-2,7"},  {"port1/2/9.dn", "1"}};
  for (const auto& [key, value] : keys) {
    ASSERT_TRUE(set_gateway_key(row, key, value).ok()) << key;
  }
  std::string all;
  for (const auto& [key, value] : gateway_keys_of(row)) {
    all += key + "=" + value + " ";
  }
  EXPECT_EQ(all,
            "unit0.product=A unit1.product=B subunit1/2.product=C subunit1/2.begin_port=1 "
            "ports1/2=0-2,7,9 port1/2/9.dn=1 ");
  EXPECT_TRUE(set_gateway_key(row, "unit1.product", "").ok());
  EXPECT_EQ(row["subunits"].size() + row["ports"].size(), 0u);
  for (const char* key : {"unit0", "unit256.product", "port0/1.dn", "subunit0.product",
                          "port0/0/0.settings.", "settings.", "name"}) {
    EXPECT_FALSE(set_gateway_key(row, key, "1").ok()) << key;
  }
  for (const char* ports : {"x", "1-", "3-1", "0-256", "1,,2", "1,1"}) {
    EXPECT_FALSE(set_gateway_key(row, "ports0/0", ports).ok()) << ports;
  }
}

}  // namespace
}  // namespace dialtone::daemon
