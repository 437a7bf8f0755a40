// SPDX-License-Identifier: Apache-2.0
//
// import dir, through the control socket: which names a folder's files get, and what is wrong.
#include "control/daemon/folder_plan.h"
#include "tests/unit/control_daemon/api_fixture.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace dialtone::daemon {
namespace {

class FolderImport : public ApiFixture {
 protected:
  using Texts = std::vector<std::pair<std::string, std::string>>;

  Json import(const Texts& texts, const std::string& rules = {}, Json more = Json::object()) {
    std::string all;
    more["file"] = "/old/boot";
    more["root"] = "/old/boot";
    more["remap"] = rules;
    more["remap_file"] = "tftpd.remap";
    more["files"] = Json::array();
    for (const auto& [name, text] : texts) {
      more["files"].push_back({{"name", name}, {"length", text.size()}});
      all += text;
    }
    const auto file = api::text_memfd(all);
    return call("import dir", std::move(more), file->get());
  }

  // Each fault in a line.
  static std::string faults(const Json& reply) {
    std::string out;
    for (const Json& fault : reply.value("faults", Json::array())) {
      out += fault["file"].get<std::string>() + ':' + std::to_string(fault["line"].get<int>()) +
             ": " + fault["code"].get<std::string>() + '\n';
    }
    return out;
  }

  std::size_t served() { return call("files ls")["result"]["count"].get<std::size_t>(); }
};

TEST_F(FolderImport, FilesKeepTheirPathsWithoutRules) {
  const Json reply = import({{"RingList.xml", "new"}, {"fw/a.sbn", "a"}, {"b.bin", ""}});
  ASSERT_TRUE(reply["ok"].get<bool>()) << reply;
  EXPECT_EQ(reply["result"]["rows"], 3);
  EXPECT_EQ(reply["result"]["names"], 3);
  EXPECT_EQ(reply["result"]["added"], 2);
  EXPECT_EQ(reply["result"]["updated"], 1);
  EXPECT_EQ(reply["result"]["publish"]["files"], 3);
  EXPECT_EQ(reply["warnings"][0], "/old/boot/b.bin is empty");
  EXPECT_EQ(content("ringlist.xml"), "new");
  EXPECT_EQ(content("fw/a.sbn"), "a");
  const Json kept = call("files versions", {{"name", "RingList.xml"}});
  EXPECT_EQ(kept["result"]["versions"][1]["set"], "/old/boot") << "one set, that can be told apart";
}

TEST_F(FolderImport, FilesAreServedUnderTheNamesThatRulesLeadToThem) {
  const Json reply = import({{"phones/001122334455.xml", "p"},
                             {"fw/apps75.9-4.sbn", "a"},
                             {"secret.pvt", "s"},
                             {"old/x.bin", "x"}},
                            "ri ^SEP([0-9A-F]{12})\\.cnf\\.xml$ phones/\\1.xml\n"
                            "ri ^(apps75)(.+\\.sbn)$ /fw/\\1\\2\n"
                            "r ^[^/] /old/boot/\\0\n"
                            "a \\.pvt$\n"
                            "a /old/x\n");
  ASSERT_TRUE(reply["ok"].get<bool>()) << reply;
  EXPECT_EQ(content("SEP001122334455.cnf.xml"), "p");
  EXPECT_EQ(content("apps75.9-4.sbn"), "a");
  EXPECT_EQ(content("fw/apps75.9-4.sbn"), "a") << "the old server gave it so, too";
  EXPECT_NE(content("secret.pvt").find("no file"), std::string::npos);
  EXPECT_EQ(reply["result"]["left_out"],
            Json::array({"/old/boot/secret.pvt", "/old/boot/old/x.bin"}));
  EXPECT_EQ(reply["warnings"][0], "/old/boot/secret.pvt is left out: the rules lead no name to it");
}

TEST_F(FolderImport, ACheckChangesNothing) {
  const std::size_t before = served();
  Json reply = import({{"RingList.xml", "new"}, {"fw/a.sbn", "a"}}, {}, {{"check", true}});
  ASSERT_TRUE(reply["ok"].get<bool>()) << reply;
  EXPECT_EQ(reply["result"]["added"], 1);
  EXPECT_FALSE(reply["result"].contains("publish"));
  EXPECT_EQ(served(), before);
  EXPECT_EQ(content("RingList.xml"), "<rings/>");
}

TEST_F(FolderImport, EveryFaultIsNamedAndNothingIsImported) {
  const std::size_t before = served();
  const std::string long_name(256, 'n');
  const Json reply = import(
      {{"good.xml", "g"},
       {"A.xml", "1"},
       {"a.XML", "2"},
       {long_name, "l"},
       {"part.loads", "one.sbn\ntwo.sbn 7\n"},
       {"two.sbn", "two"}},
      "r ^one$ two\nrq x y\nrg a aa\n",
      {{"faults", {{{"file", "/old/boot/up"}, {"code", "symlink"}, {"text", "it is a symlink"}}}}});
  EXPECT_EQ(reply["code"], 3) << reply;
  EXPECT_EQ(faults(reply),
            "/old/boot/up:0: symlink\ntftpd.remap:2: unknown-rule\n"
            "tftpd.remap:3: endless-rule\n")
      << "rules that never end are followed no further";
  const Json named = import({{"good.xml", "g"},
                             {"A.xml", "1"},
                             {"a.XML", "2"},
                             {long_name, "l"},
                             {"part.loads", "one.sbn\ntwo.sbn 7\n"},
                             {"empty.loads", ""},
                             {"two.sbn", "two"}});
  EXPECT_EQ(
      faults(named),
      "/old/boot/a.XML:0: same-name\n/old/boot/" + long_name +
          ":0: bad-name\n/old/boot/empty.loads:0: unreadable-load\n"
          "/old/boot/part.loads:0: incomplete-load\n/old/boot/part.loads:0: incomplete-load\n");
  EXPECT_NE(named["faults"][0]["text"].get<std::string>().find("/old/boot/A.xml"),
            std::string::npos)
      << named;
  EXPECT_EQ(served(), before);
}

// Each name within its own bounds; ten thousand of them are not.
TEST(FolderPlanTime, RulesThatTakeTooLongAreNamedWithTheFile) {
  std::vector<assets::NewFile> files;
  for (int i = 0; i < 10'000; ++i) {
    files.push_back({"d/" + std::string(150, 'a') + std::to_string(i), {}});
  }
  std::string text;
  for (int i = 0; i < 40; ++i) {
    text += "r ^(.*)(a|aa)*(.*)x" + std::to_string(i) + "$ \\1\\2\\3\n";
  }
  Diagnostics faults;
  const auto rules = importing::RemapRules::read(text, "tftpd.remap", faults);
  importing::RuleBudget budget(std::chrono::milliseconds(100));
  const auto begin = std::chrono::steady_clock::now();
  const FolderPlan plan = plan_folder({"/old", {}, files}, rules, budget, faults);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(5));
  EXPECT_TRUE(plan.files.empty());
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_EQ(faults[0].file, "tftpd.remap");
  EXPECT_GE(faults[0].line, 1u);
  EXPECT_EQ(faults[0].code, "slow-rules");
  EXPECT_NE(faults[0].text.find("ended at this one for the file /old/d/aaa"), std::string::npos)
      << faults[0].text;
}

TEST_F(FolderImport, ItEndsWhenItsClientHasGone) {
  const std::size_t before = served();
  const Json arguments = {
      {"file", "/old"}, {"remap", "r ^x$ y\n"}, {"files", {{{"name", "a.bin"}, {"length", 1}}}}};
  const auto file = api::text_memfd("a");
  const int attachment = file->get();
  UniqueFd other = connect();
  ASSERT_TRUE(api::send_document(other.get(), {{"command", "import dir"}, {"arguments", arguments}},
                                 {&attachment, 1})
                  .ok());
  other.reset();
  step();
  step();
  EXPECT_EQ(served(), before);
}

TEST_F(FolderImport, APartThatIsServedAlreadyCompletesALoad) {
  ASSERT_TRUE(import({{"two.sbn", "1234567"}})["ok"].get<bool>());
  const Json reply = import({{"part.loads", "two.sbn 7\n"}});
  EXPECT_TRUE(reply["ok"].get<bool>()) << reply;
  EXPECT_EQ(content("part.loads"), "two.sbn 7\n");
}

TEST_F(FolderImport, ThePartsOfALoadHaveTheMd5OfItsList) {
  const std::string list = "x.sbn 3 900150983cd24fb0d6963f7d28e17f72\n";
  const Json wrong = import({{"x.loads", list}, {"x.sbn", "abd"}});
  EXPECT_EQ(faults(wrong), "/old/boot/x.loads:0: incomplete-load\n");
  EXPECT_NE(
      wrong["faults"][0]["text"].get<std::string>().find(", not 900150983cd24fb0d6963f7d28e17f72"),
      std::string::npos)
      << wrong;
  EXPECT_TRUE(import({{"x.loads", list}, {"x.sbn", "abc"}})["ok"].get<bool>());
}

TEST_F(FolderImport, ASignedFileOfOtherContentIsWarnedOf) {
  const Json reply = import({{"a.xml", "one"},
                             {"a.xml.sgn", "signature two"},
                             {"b.xml", "one"},
                             {"b.xml.sgn", "signature one"}});
  ASSERT_TRUE(reply["ok"].get<bool>()) << reply;
  ASSERT_EQ(reply["warnings"].size(), 1u) << reply;
  EXPECT_TRUE(reply["warnings"][0].get<std::string>().starts_with("/old/boot/a.xml.sgn "));
}

}  // namespace
}  // namespace dialtone::daemon
