// SPDX-License-Identifier: Apache-2.0
#include "control/cli/command_line.h"

#include "control/cli/dhcp_commands.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <string>
#include <vector>

namespace dialtone::cli {
namespace {

using Words = std::vector<const char*>;

class CommandLine : public testing::Test {
 protected:
  void SetUp() override { ::unsetenv("DIALTONE_SOCKET"); }

  std::variant<Invocation, Help, Error> parse(Words words) {
    words.insert(words.begin(), "dialtone");
    return parse_command_line(static_cast<int>(words.size()), words.data());
  }
  Invocation good(const Words& words) {
    auto parsed = parse(words);
    if (const auto* error = std::get_if<Error>(&parsed)) {
      ADD_FAILURE() << error->text;
    }
    auto* invocation = std::get_if<Invocation>(&parsed);
    return invocation != nullptr ? *invocation : Invocation{};
  }
  std::string request(const Words& words) {
    const Invocation invocation = good(words);
    return invocation.command + ' ' + invocation.arguments.dump();
  }
  std::string fault(const Words& words) {
    auto parsed = parse(words);
    const auto* error = std::get_if<Error>(&parsed);
    if (error == nullptr) {
      ADD_FAILURE() << "no error";
      return {};
    }
    EXPECT_EQ(error->code, ErrorCode::kUsage);
    return error->text;
  }
};

TEST_F(CommandLine, Requests) {
  EXPECT_EQ(request({"status"}), "status {}");
  EXPECT_EQ(request({"device", "ls"}), "device ls {}");
  EXPECT_EQ(request({"device", "ls", "SEP*", "--pool", "a", "--model=b"}),
            R"(device ls {"pattern":"SEP*","pool":"a","model":"b"})");
  EXPECT_EQ(request({"device", "show", "SEP1"}), R"(device show {"name":"SEP1"})");
  EXPECT_EQ(request({"device", "set", "SEP1", "b=x=y", "a=", "--no-wait"}),
            R"(device set {"name":"SEP1","set":{"b":"x=y","a":""},"wait":false})");
  EXPECT_EQ(request({"device", "add", "SEP1", "model=CP-8845"}),
            R"(device add {"name":"SEP1","set":{"model":"CP-8845"}})");
  EXPECT_EQ(request({"device", "rm", "SEP1", "SEP2", "SEP3"}),
            R"(device rm {"names":["SEP1","SEP2","SEP3"]})");
  EXPECT_EQ(request({"build", "--no-wait"}), R"(build {"wait":false})");
  EXPECT_EQ(request({"build", "--wait"}), "build {}");
  EXPECT_EQ(request({"build", "--check"}), "check {}");
  EXPECT_EQ(request({"check"}), "check {}");
  EXPECT_EQ(request({"generations"}), "generations {}");
  EXPECT_EQ(request({"diff"}), "diff {}");
  EXPECT_EQ(request({"diff", "3", "4"}), R"(diff {"from":3,"to":4})");
  EXPECT_EQ(request({"publish"}), "publish {}");
  EXPECT_EQ(request({"publish", "7", "--no-wait"}), R"(publish {"generation":7,"wait":false})");
  EXPECT_EQ(request({"rollback"}), "rollback {}");
  EXPECT_EQ(request({"rollback", "7"}), R"(rollback {"generation":7})");
  EXPECT_EQ(request({"files", "ls", "status"}), R"(files ls {"pattern":"status"})");
  EXPECT_EQ(request({"files", "put", "a", "b", "--set", "s", "--note=n"}),
            R"(files put {"note":"n","set":"s"})");
  EXPECT_EQ(request({"files", "rm", "a", "b"}), R"(files rm {"names":["a","b"]})");
  EXPECT_EQ(request({"files", "versions", "a"}), R"(files versions {"name":"a"})");
  EXPECT_EQ(request({"files", "restore", "a", "3"}), R"(files restore {"name":"a","version":3})");
  EXPECT_EQ(request({"files", "verify", "a", "b"}), R"(files cat {"name":"a"})");
  EXPECT_EQ(request({"files", "ls", "a", "b"}), R"(files ls {"patterns":["a","b"]})");
  EXPECT_EQ(request({"build", "--dialplan", "hq", "--wait"}), R"(build {"dialplan":"hq"})");
  EXPECT_EQ(request({"dialplan", "ls"}), "dialplan ls {}");
  EXPECT_EQ(request({"softkey", "show", "std"}), R"(softkey show {"name":"std"})");
  EXPECT_EQ(request({"dialplan", "set", "hq", "rules.xml", "--dry-run"}),
            R"(dialplan set {"name":"hq","file":"rules.xml","dry_run":true})");
  EXPECT_EQ(good({"featurepolicy", "set", "std", "-"}).file, "-");
  EXPECT_EQ(request({"featurepolicy", "rm", "std", "--no-wait"}),
            R"(featurepolicy rm {"name":"std","wait":false})");
  EXPECT_EQ(request({"gateway", "ls", "gw*"}), R"(gateway ls {"pattern":"gw*"})");
  EXPECT_EQ(request({"gateway", "add", "gw1", "kind=mgcp", "ports0/1=0-3"}),
            R"(gateway add {"name":"gw1","set":{"kind":"mgcp","ports0/1":"0-3"}})");
  EXPECT_EQ(request({"gateway", "rm", "a", "b", "--no-wait"}),
            R"(gateway rm {"names":["a","b"],"wait":false})");
  EXPECT_EQ(request({"gatewaytemplate", "set", "vg", "vg.xml", "--product", "VG310"}),
            R"(gatewaytemplate set {"name":"vg","file":"vg.xml","product":"VG310"})");
  EXPECT_EQ(request({"gatewaytemplate", "show", "mgcp"}),
            R"(gatewaytemplate show {"name":"mgcp"})");
  EXPECT_EQ(request({"files", "ls", "--group-by", "format"}), R"(files ls {"group_by":"format"})");
  EXPECT_EQ(request({"files", "ls", "--model", "7941,7960"}),
            R"(files ls {"models":["7941","7960"]})");
  EXPECT_EQ(request({"build", "--wait"}), "build {}");
  EXPECT_EQ(request({"param", "ls"}), "param ls {}");
  EXPECT_EQ(request({"param", "set", "build-cnf", "all", "--no-wait"}),
            R"(param set {"name":"build-cnf","value":"all","wait":false})");
  EXPECT_EQ(request({"--profile", "cm3", "param", "set", "BuildCNFFlag", "False", "--dry-run"}),
            R"(param set {"profile":"cm3","name":"BuildCNFFlag","value":"False","dry_run":true})");
  EXPECT_EQ(request({"param", "unset", "build-cnf"}), R"(param unset {"name":"build-cnf"})");
  EXPECT_EQ(request({"files", "cat", "x"}), R"(files cat {"name":"x"})");
  EXPECT_EQ(request({"export", "json", "x"}), "export json {}");
  EXPECT_EQ(request({"export", "csv"}), "export csv {}");
  EXPECT_EQ(request({"em", "login", "SEP1", "profile=jo"}),
            R"(em login {"name":"SEP1","profile":"jo"})");
  EXPECT_EQ(request({"backup", "x.tar"}), "backup {}");
  EXPECT_EQ(request({"restore", "x.tar", "--check"}), R"(restore {"file":"x.tar","check":true})");
  EXPECT_EQ(request({"counters", "drop_*", "--all"}), "counters {}");
  EXPECT_EQ(request({"--profile", "cm9", "explain", "f.xml"}),
            R"(explain {"name":"f.xml","profile":"cm9"})");
  EXPECT_EQ(request({"explain", "f", "--device", "SEP1", "--client", "10.1.2.3"}),
            R"(explain {"name":"f","device":"SEP1","client":"10.1.2.3"})");
  EXPECT_EQ(request({"events"}), "events {}");
  EXPECT_EQ(request({"events", "--device", "SEP001122334455", "--limit", "5"}),
            R"(events {"device":"SEP001122334455","limit":5})");
  EXPECT_EQ(request({"events", "--follow", "--client", "10.1.2.3"}),
            R"(events {"client":"10.1.2.3"})");
  EXPECT_EQ(request({"counters", "--cisco"}), "counters {\"cisco\":true}");
  EXPECT_EQ(request({"import", "json", "-"}), R"(import json {"file":"<stdin>"})");
  EXPECT_EQ(request({"import", "csv", "--map", "A=B=name", "--map", "NOTES=", "p.csv", "--check"}),
            R"(import csv {"file":"p.csv","check":true,"map":{"A=B":"name","NOTES":""}})");
}

TEST_F(CommandLine, OptionsStandBeforeOrBehindTheVerb) {
  for (const Words& words : {Words{"--json", "--socket", "/s", "--color", "never", "files", "ls"},
                             Words{"files", "ls", "--json", "--socket=/s", "--color", "never"},
                             Words{"files", "--json", "ls", "--socket", "/s", "--color=never"}}) {
    const Invocation invocation = good(words);
    EXPECT_EQ(invocation.command, "files ls");
    EXPECT_TRUE(invocation.json);
    EXPECT_EQ(invocation.socket, "/s");
    EXPECT_EQ(invocation.colour, ColourMode::kNever);
  }
}

TEST_F(CommandLine, SocketComesFromTheEnvironment) {
  EXPECT_EQ(good({"status"}).socket, "run/control.sock");
  ::setenv("DIALTONE_SOCKET", "/e", 1);
  EXPECT_EQ(good({"status"}).socket, "/e");
  EXPECT_EQ(good({"status", "--socket", "/o"}).socket, "/o");
  ::setenv("DIALTONE_SOCKET", "", 1);
  EXPECT_EQ(good({"status"}).socket, "run/control.sock");
  ::unsetenv("DIALTONE_SOCKET");
}

TEST_F(CommandLine, LongCommandsHaveMorePatience) {
  using std::chrono::seconds;
  EXPECT_EQ(good({"status"}).patience, seconds(30));
  EXPECT_EQ(good({"device", "rm", "a"}).patience, seconds(30));
  EXPECT_EQ(good({"build"}).patience, seconds(600));
  EXPECT_EQ(good({"import", "csv", "a"}).patience, seconds(0));
  EXPECT_EQ(good({"import", "json", "a"}).patience, seconds(0));
}

TEST_F(CommandLine, FaultsNameTheWordAndTheCure) {
  EXPECT_EQ(fault({"device", "lst"}),
            "there is no 'dialtone device lst'; did you mean 'ls'? dialtone device --help shows "
            "how it is used");
  EXPECT_EQ(fault({"files"}),
            "'dialtone files' needs one of: ls, cat, verify, put, rm, versions, restore; dialtone "
            "files --help shows how it is used");
  EXPECT_EQ(fault({"device", "show"}),
            "NAME is required; dialtone device show --help shows how it is used");
  EXPECT_EQ(fault({"device", "set", "a", "b"}),
            "'b' is not KEY=VALUE; quote a value with blanks: description='Lobby, left'");
  EXPECT_EQ(fault({"device", "set", "a", "=b"}).substr(0, 10), "'=b' is no");
  EXPECT_EQ(fault({"device", "set", "a", "b=1", "b=2"}), "'b' is given twice; give it once");
  EXPECT_NE(fault({"import", "csv", "f", "--map", "x"}).find("COLUMN=KEY"), std::string::npos);
  EXPECT_NE(fault({"device", "set", "a", "b=\xC3"}).find("UTF-8"), std::string::npos);
  fault({});
  fault({"device", "show", "a", "b"});
  fault({"status", "--nosuch"});
  fault({"--color", "blue", "status"});
  fault({"device", "set", "a"});
  EXPECT_EQ(fault({"device", "\x1b[2J"}).find('\x1b'), std::string::npos);
}

TEST_F(CommandLine, ATimeIsAWholeNumberWithItsUnit) {
  EXPECT_EQ(good({"counters", "--delta", "500ms"}).delta_ms, 500U);
  EXPECT_EQ(good({"counters", "--delta", "10s"}).delta_ms, 10'000U);
  EXPECT_EQ(good({"counters", "--delta=60m"}).delta_ms, 3'600'000U);
  EXPECT_EQ(fault({"counters", "--delta", "-1s"}),
            "--delta '-1s' is no time that can be waited: 1ms to 60m, a whole number with its "
            "unit, as 500ms, 10s or 2m");
  for (const char* wrong : {"0s", "10", "s", "1h", "0.5s", "3601s", "61m", "1 s", "1s ",
                            "99999999999999999999s", "18446744073709551615m"}) {
    EXPECT_EQ(fault({"counters", "--delta", wrong}).find("--delta '"), 0U) << wrong;
  }
}

// A variable of a script that is not set must not mean all of them.
TEST_F(CommandLine, WhatChoosesIsNotEmpty) {
  EXPECT_EQ(fault({"build", "--dialplan", ""}),
            "--dialplan '' names nothing; leave it out or give it a value; dialtone build --help "
            "shows how it is used");
  const std::pair<Words, const char*> others[] = {
      {{"device", "ls", ""}, "PATTERN ''"},
      {{"device", "ls", "--pool", ""}, "--pool ''"},
      {{"files", "ls", "--model", ""}, "--model ''"},
      {{"import", "dir", "/srv/tftp", "--remap", ""}, "--remap ''"},
      {{"counters", "--check-metrics", ""}, "--check-metrics ''"},
      {{"counters", "--since", ""}, "--since ''"},
      {{"events", "--client", ""}, "--client ''"},
      {{"loads", "check", ""}, "NAME ''"},
      {{"dhcp", "lint", "f", "--tftp", ""}, "--tftp ''"},
      {{"status", "--expect-error", ""}, "--expect-error ''"},
      {{"--socket", "", "status"}, "--socket ''"},
  };
  for (const auto& [words, text] : others) {
    EXPECT_EQ(fault(words).find(text), 0U) << text;
  }
  EXPECT_EQ(request({"param", "set", "p", ""}), R"(param set {"name":"p","value":""})");
  EXPECT_EQ(request({"gatewaytemplate", "set", "t", "f", "--product", "", "--description", ""}),
            R"(gatewaytemplate set {"name":"t","file":"f","product":"","description":""})");
}

// CLI11 takes an empty value behind '=', and then the next word for it.
TEST_F(CommandLine, NothingBehindAnEqualsSignIsNoValue) {
  for (const Words& words : {Words{"build", "--dialplan=", "hq"}, Words{"build", "--dialplan="}}) {
    EXPECT_EQ(fault(words),
              "--dialplan= has no value behind the '='; leave it out, or write it as '--dialplan "
              "VALUE'");
  }
  EXPECT_EQ(request({"em", "login", "SEP1", "profile="}).find("em login"), 0u);
  EXPECT_EQ(request({"device", "set", "SEP1", "desc="}),
            R"(device set {"name":"SEP1","set":{"desc":""}})");
  EXPECT_EQ(request({"files", "put", "--", "--a="}).find("files put"), 0u);
}

TEST_F(CommandLine, EachServerOfDhcpIsAnAddress) {
  for (const char* wrong : {"1.2.3.4,", ",1.2.3.4", "1.2.3.4,,5.6.7.8", ","}) {
    const auto reply = run_dhcp(good({"dhcp", "snippet", "kea", "--tftp", wrong}), Terminal{});
    ASSERT_FALSE(reply.ok()) << wrong;
    EXPECT_EQ(reply.error().text, "--tftp: '' is no address; one is like 10.0.0.1 or 2001:db8::1");
  }
  EXPECT_TRUE(run_dhcp(good({"dhcp", "snippet", "kea", "--tftp", "1.2.3.4"}), Terminal{}).ok());
  EXPECT_TRUE(run_dhcp(good({"dhcp", "snippet", "kea"}), Terminal{}).ok());
}

TEST_F(CommandLine, WhatIsQuotedIsShort) {
  const std::string word(3000, 'x');
  for (const Words& words :
       {Words{"device", word.c_str()}, Words{"publish", word.c_str()},
        Words{"files", "ls", "--group-by", word.c_str()}, Words{"param", "ls", word.c_str()},
        Words{"--profile", word.c_str(), "param", "ls"}}) {
    const std::string text = fault(words);
    EXPECT_LT(text.size(), 300u) << text;
    EXPECT_NE(text.find("--help"), std::string::npos) << text;
  }
}

TEST_F(CommandLine, HelpHasExamplesEverywhere) {
  for (const Words& words :
       {Words{"--help"}, Words{"status", "--help"}, Words{"device", "ls", "--help"},
        Words{"device", "show", "--help"}, Words{"device", "set", "--help"},
        Words{"device", "add", "--help"}, Words{"device", "rm", "--help"},
        Words{"import", "csv", "--help"}, Words{"import", "json", "--help"},
        Words{"build", "--help"}, Words{"diff", "--help"}, Words{"generations", "--help"},
        Words{"publish", "--help"}, Words{"rollback", "--help"}, Words{"check", "--help"},
        Words{"files", "ls", "--help"}, Words{"files", "cat", "-h"}, Words{"counters", "--help"}}) {
    auto parsed = parse(words);
    const auto* help = std::get_if<Help>(&parsed);
    ASSERT_NE(help, nullptr) << words.front();
    EXPECT_NE(help->text.find("Example"), std::string::npos) << help->text;
  }
  auto version = parse({"--version"});
  EXPECT_EQ(std::get<Help>(version).text.rfind("dialtone ", 0), 0u);
}

}  // namespace
}  // namespace dialtone::cli
