// SPDX-License-Identifier: Apache-2.0
//
// Rows 5 to 10 and 13 of docs/features.md as their commands ask, with the claims that stand there.
#include "control/assertion/assertion.h"
#include "control/build/device_formats.h"
#include "tests/unit/control_daemon/api_fixture.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace dialtone::daemon {
namespace {

class FormatCommands : public ApiFixture {
 protected:
  void add(const char* name, const char* model, const char* protocol) {
    const Json reply =
        call("device add", {{"name", name}, {"set", {{"model", model}, {"protocol", protocol}}}});
    ASSERT_TRUE(reply["ok"].get<bool>()) << reply;
  }
  void set_cnf(const char* value) {
    const Json reply = call("param set", {{"name", "build-cnf"}, {"value", value}});
    ASSERT_TRUE(reply["ok"].get<bool>()) << reply;
  }
  // As `dialtone ... --assert CLAIM` looks at it.
  static std::string verdict(const Json& reply, const std::string& claim) {
    if (!reply.value("ok", false)) {
      return reply.dump();
    }
    Json document = reply["result"];
    document["warnings"] = reply.value("warnings", Json::array());
    const assertion::Verdict verdict = assertion::Assertion::parse(claim)->check(document);
    return verdict.holds ? "" : verdict.why;
  }
};

TEST_F(FormatCommands, FilesAreCountedByFormat) {
  add("SEP001122334455", "8841", "SIP");
  add("SIP001122334456", "7960", "SIP");
  const Json reply = call("files ls", {{"group_by", "format"}});
  EXPECT_EQ(verdict(reply, "cnf_xml > 0 && cnf == 2 && xml > 0"), "");
  EXPECT_EQ(call("files ls", {{"group_by", "size"}})["code"], 2);
}

TEST_F(FormatCommands, BuildAllMakesBothFormatsOfEachDevice) {
  with_encoder("printf 'bin:'; /bin/cat");
  add("SEP001122334455", "8841", "SIP");
  add("SEP001122334456", "12 SP+", "SCCP");
  add("SIP001122334457", "7960", "SIP");
  add("ld001122334458", "7905", "SIP");
  set_cnf("all");
  EXPECT_EQ(verdict(call("build"), "devices == 4 && cnf == devices && cnf_xml == devices"), "");
  EXPECT_EQ(content("SEP001122334456.cnf").substr(0, 35), "bin:#cnf\nDevice:SEP001122334456\nMod");
  EXPECT_EQ(content("ld001122334458").substr(0, 9), "bin:#txt\n");
}

TEST_F(FormatCommands, BuildNoneAndSelective) {
  with_encoder("printf 'bin:'; /bin/cat");
  add("SEP001122334455", "8841", "SIP");
  add("SEP001122334456", "12 SP+", "SCCP");
  set_cnf("none");
  EXPECT_EQ(verdict(call("build"), "cnf == 0 && cnf_xml == devices"), "");
  const Json unset = call("param unset", {{"name", "build-cnf"}});
  EXPECT_EQ(verdict(unset, "value == \"selective\" && was == \"none\""), "");
  EXPECT_EQ(verdict(call("build"), "devices_selective == 1 && cnf == devices_selective"), "");
}

TEST_F(FormatCommands, WithoutAnEncoderItSaysSo) {
  add("SEP001122334456", "12 SP+", "SCCP");
  add("gk001122334458", "7912", "SIP");
  EXPECT_EQ(verdict(call("build"), "cnf == 0 && cnf_missing == 1 && text_form == 1"), "");
  const Json status = call("status");
  EXPECT_EQ(verdict(status, "warn(\"no .cnf: no encoder\") && warn(\"needs an encoder\")"), "")
      << status;
  Json files = call("device show", {{"name", "SEP001122334456"}})["result"]["files"];
  EXPECT_EQ(files.dump(), R"([{"name":"SEP001122334456.cnf.xml","state":"served"},)"
                          R"({"name":"SEP001122334456.cnf","state":"no encoder"}])");
  const Json profile = call("device show", {{"name", "gk001122334458"}})["result"];
  EXPECT_EQ(profile["files"][0]["state"], "text form, needs an encoder");
  EXPECT_EQ(profile["file"], "gk001122334458");
}

TEST_F(FormatCommands, BuildCnfFlagIsTheOldNameInProfileCm3) {
  const Json asked = {
      {"name", "BuildCNFFlag"}, {"value", "False"}, {"profile", "cm3"}, {"dry_run", true}};
  EXPECT_EQ(verdict(call("param set", asked), "warnings == 0 && value == \"none\""), "");
  add("SEP001122334456", "12 SP+", "SCCP");
  EXPECT_EQ(verdict(call("param set", asked), "warnings >= 1 && was == \"all\""), "");
  // Nothing was changed.
  EXPECT_EQ(verdict(call("param ls"),
                    "parameters[0].name == \"build-cnf\" && "
                    "parameters[0].value == \"selective\""),
            "");
  EXPECT_EQ(verdict(call("param ls", {{"profile", "cm3"}}), "parameters[0].default == \"all\""),
            "");
  const Json elsewhere = call("param set", {{"name", "BuildCNFFlag"}, {"value", "True"}});
  EXPECT_NE(elsewhere["error"].get<std::string>().find("is a name of profile cm3"),
            std::string::npos);
}

TEST_F(FormatCommands, AnExportCanBeImported) {
  add("SEP001122334455", "8841", "SIP");
  for (const std::string kind : {"csv", "json"}) {
    const Json exported = call("export " + kind);
    ASSERT_EQ(verdict(exported, "rows > 0 && length > 0"), "");
    const UniqueFd file = std::move(attachments_.at(0));
    const Json imported = call("import " + kind, {{"file", kind}}, file.get());
    EXPECT_EQ(verdict(imported, "unchanged == rows && publish.files == 0"), "") << imported;
  }
}

TEST_F(FormatCommands, AParameterTakesWhatItTakes) {
  const Json wrong = call("param set", {{"name", "build-cnf"}, {"value", "some"}});
  EXPECT_NE(wrong["error"].get<std::string>().find("wants all, none or selective"),
            std::string::npos);
  // Of each of the three kinds, and the same whatever is asked.
  for (const auto& [typed, meant] : {std::pair{"bild-cnf", "build-cnf"},
                                     {"busi-text", "busy-text"},
                                     {"services_ulr", "services_url"}}) {
    for (const char* command : {"param set", "param unset"}) {
      Json asked = {{"name", typed}};
      if (std::string_view(command) == "param set") {
        asked["value"] = "all";
      }
      EXPECT_EQ(
          call(command, asked)["error"],
          "'" + std::string(typed) + "' is no service parameter; did you mean '" + meant + "'?");
    }
  }
  EXPECT_EQ(verdict(call("param unset", {{"name", "tvs_port"}}), "!changed"), "");
}

TEST_F(FormatCommands, NamesFollowTheFamily) {
  add("SEP001122334455", "7941", "SIP");
  add("SIP001122334456", "7960", "SIP");
  add("ld001122334457", "7905", "SIP");
  add("gk001122334458", "7912", "SIP");
  Json asked = {{"models", {"7941", "7960", "7905", "7912"}}};
  const Json reply = call("files ls", asked);
  EXPECT_EQ(verdict(reply, "names_ok && devices == 4 && count == 4"), "") << reply;
  EXPECT_EQ(reply["result"]["files"][0]["name"], "gk001122334458");
  asked["models"] = {"7941", "4711"};
  EXPECT_FALSE(call("files ls", asked)["ok"].get<bool>());
}

TEST_F(FormatCommands, AnUnknownParameterIsSaidAndWritten) {
  add("SIP001122334456", "7960", "SIP");
  const Json reply = call(
      "device set", {{"name", "SIP001122334456"},
                     {"set", {{"vendor.timer_t3", "1"}, {"vendor.timer_registry_delta", "7"}}}});
  EXPECT_EQ(verdict(reply, "warnings == 1 && warn(\"'timer_t3' is no parameter that we know\")"),
            "")
      << reply;
  EXPECT_NE(content("SIP001122334456.cnf").find("timer_t3: \"1\"\n"), std::string::npos);
  EXPECT_EQ(verdict(call("status"), "warn(\"did you mean 'timer_t1'\")"), "");
}

// Under SCCP the call manager sends them; the file has no place for them.
TEST_F(FormatCommands, SoftkeysOfAPhoneWithSccpAreRefused) {
  add("SEP001122334455", "7941", "SCCP");
  add("SEP001122334456", "7960", "SCCP");
  for (const char* name : {"SEP001122334455", "SEP001122334456"}) {
    const Json reply = call("device set", {{"name", name}, {"set", {{"softkey", "std"}}}});
    EXPECT_FALSE(reply["ok"].get<bool>());
    EXPECT_NE(reply.dump().find("model-no-softkey"), std::string::npos) << reply;
  }
}

TEST_F(FormatCommands, AnUnknownVendorTagIsSaidAndWritten) {
  add("SEP001122334455", "7941", "SIP");
  const Json reply =
      call("device set", {{"name", "SEP001122334455"},
                          {"set", {{"vendor.webAcess", "1"}, {"vendor.sshAccess", "0"}}}});
  EXPECT_EQ(verdict(reply, "warnings == 1 && warn(\"did you mean 'webAccess'\")"), "") << reply;
  EXPECT_NE(content("SEP001122334455.cnf.xml").find("<webAcess>1</webAcess>"), std::string::npos);
}

// One letter more in each of a hundred names is a hundred faults, and still a status to read.
TEST_F(FormatCommands, OfManyUnknownVendorTagsTheFirstAreSaid) {
  Json tags = {{"model", "7941"}, {"protocol", "SIP"}};
  for (int i = 0; i < 100; ++i) {
    tags["vendor.noSuchTag" + std::to_string(i)] = "1";
  }
  const Json added = call("device add", {{"name", "SEP001122334455"}, {"set", tags}});
  ASSERT_TRUE(added["ok"].get<bool>()) << added;
  const Json said = call("status", {})["warnings"];
  EXPECT_EQ(std::count_if(said.begin(), said.end(),
                          [](const Json& text) {
                            return text.get<std::string>().find("noSuchTag") != std::string::npos;
                          }),
            20)
      << said;
  EXPECT_NE(said.dump().find("and 80 more like these"), std::string::npos) << said;
  EXPECT_NE(call("setup", {}).dump().find("and 80 more like these"), std::string::npos);
}

TEST_F(FormatCommands, DefaultsAreThereAfterABuild) {
  add("SIP001122334456", "7960", "SIP");
  for (const char* name : {"XMLDefault.cnf.xml", "SIPDefault.cnf", "syncinfo.xml"}) {
    EXPECT_EQ(verdict(call("files ls", {{"pattern", name}}), "count == 1"), "") << name;
  }
}

// What is encrypted is made elsewhere, and lies in the asset folder.
TEST_F(FormatCommands, TheShortFormPrecedesAnEncryptedFile) {
  add("SEP001122334455", "8841", "SIP");
  ASSERT_TRUE(service_->database()
                  ->execute("UPDATE security_profiles SET settings = "
                            "'{\"encrypted_config\": \"true\"}' WHERE id = 1")
                  .ok());
  const auto set = [&](const char* hash) {
    return call("device set", {{"name", "SEP001122334455"}, {"set", {{"cert_hash", hash}}}});
  };
  EXPECT_NE(
      set("0123456789ABCDEF0123456789ABCDEF")["error"].get<std::string>().find("cert_hash is"),
      std::string::npos);
  EXPECT_TRUE(set("0123456789abcdef0123456789abcdef")["ok"].get<bool>());
  const std::string file = content("SEP001122334455.cnf.xml");
  EXPECT_NE(file.find("<fullConfig>false</fullConfig>"), std::string::npos);
  EXPECT_NE(file.find("<certHash>0123456789abcdef0123456789abcdef</certHash>"), std::string::npos);
  const auto state = [&] {
    return call("device show", {{"name", "SEP001122334455"}})["result"]["files"][0]["state"];
  };
  EXPECT_EQ(state(), "short form, no encrypted file");
  EXPECT_EQ(verdict(call("status"), "warn(\"told of an encrypted file that is not there\")"), "");
  const auto missing_of = [&](const char* model) {
    const build::Builder& builder = service_->builder();
    const auto formats = build::count_formats(*service_->database(), builder.image().files(),
                                              builder.build_cnf(), {model});
    return formats->encrypted_missing;
  };
  EXPECT_EQ(missing_of("8841"), 1u);
  EXPECT_EQ(missing_of("7960"), 0u);

  folder_.write("assets/SEP001122334455.cnf.xml.enc.sgn", "encrypted");
  EXPECT_TRUE(call("build")["ok"].get<bool>());
  EXPECT_EQ(content("SEP001122334455.cnf.xml.enc.sgn"), "encrypted");
  EXPECT_EQ(state(), "short form");
  EXPECT_EQ(verdict(call("status"), "!warn(\"encrypted\")"), "");
  EXPECT_TRUE(set("")["ok"].get<bool>());
  EXPECT_NE(content("SEP001122334455.cnf.xml").find("<fullConfig>true"), std::string::npos);
  EXPECT_EQ(state(), "served");
}

}  // namespace
}  // namespace dialtone::daemon
