// SPDX-License-Identifier: Apache-2.0
//
// import dir: what goes to the daemon of a folder, and what of it does not.
#include "tests/support/temp_folder.h"
#include "tests/unit/control_cli/scripted_daemon.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace dialtone::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kReply =
    R"({"ok":true,"result":{"rows":1,"names":2,"added":2,"updated":0,"unchanged":0}})";

class ImportDir : public testing::Test {
 protected:
  void write(const std::string& name, const std::string& text, unsigned mode = 0644) {
    folder_.write("old/" + name, text);
    fs::permissions(folder_.file("old/" + name), static_cast<fs::perms>(mode));
  }
  api::Json sent(ScriptedDaemon& daemon) { return api::Json::parse(daemon.request())["arguments"]; }

  test::TempFolder folder_;
};

TEST_F(ImportDir, FilesAndRulesGoAlong) {
  write("a.txt", "one");
  write("sub/b.txt", "two!");
  folder_.write("rules", "r a b\n");
  const std::string old = folder_.file("old");
  ScriptedDaemon daemon(kReply);
  const Outcome outcome =
      run_command(daemon.path(), {"import", "dir", old + "/", "--remap", folder_.file("rules")});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.out,
            "imported 1 file under 2 names from " + old + ": 2 added, 0 updated, 0 unchanged\n");
  EXPECT_EQ(daemon.attachment(), "onetwo!");
  const api::Json arguments = sent(daemon);
  EXPECT_EQ(arguments["file"], old);
  EXPECT_EQ(arguments["root"], old);
  EXPECT_EQ(arguments["remap"], "r a b\n");
  EXPECT_EQ(arguments["remap_file"], folder_.file("rules"));
  EXPECT_EQ(arguments["files"][1]["name"], "sub/b.txt");
  EXPECT_FALSE(arguments.contains("faults"));

  ScriptedDaemon of_input(kReply);
  run_command(of_input.path(),
              {"import", "dir", old, "--check", "--root", "/tftpboot/", "--remap", "-"}, "r c d\n");
  EXPECT_EQ(sent(of_input)["root"], "/tftpboot");
  EXPECT_EQ(sent(of_input)["remap"], "r c d\n");
  EXPECT_EQ(sent(of_input)["check"], true);
}

TEST_F(ImportDir, WhatCannotBeSentIsToldToTheDaemon) {
  write("a.txt", "one");
  write("private", "x", 0640);
  write(".hidden", "x");
  fs::create_symlink("/etc/hostname", folder_.file("old/out"));
  fs::create_symlink("nowhere", folder_.file("old/broken"));
  ScriptedDaemon daemon(kReply);
  const Outcome outcome = run_command(daemon.path(), {"import", "dir", folder_.file("old")});
  EXPECT_NE(outcome.err.find(".hidden begins with a dot, and is left out"), std::string::npos);
  const api::Json faults = sent(daemon)["faults"];
  std::string said;
  for (const api::Json& fault : faults) {
    said += fs::path(fault["file"].get<std::string>()).filename().string() + ' ' +
            fault["code"].get<std::string>() + '\n';
  }
  EXPECT_EQ(faults.size(), 3u) << said;
  for (const char* line : {"private not-public\n", "out symlink\n", "broken symlink\n"}) {
    EXPECT_NE(said.find(line), std::string::npos) << said;
  }
  EXPECT_EQ(daemon.attachment(), "one");
}

// Files that can be opened, and that give an error to whoever reads them.
TEST_F(ImportDir, EveryFileThatCannotBeReadIsNamed) {
  std::vector<std::string> unreadable;
  for (const auto& each : fs::directory_iterator("/proc/self/attr")) {
    std::ifstream file(each.path());
    char first = 0;
    if (each.is_regular_file() && !file.read(&first, 1) && !file.eof()) {
      unreadable.push_back(each.path().string());
    }
  }
  if (unreadable.size() < 2) {
    GTEST_SKIP() << "this kernel's /proc/self/attr can be read";
  }
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {"import", "dir", "/proc/self/attr"}, {"files", "put", "/proc/self/attr"}}) {
    ScriptedDaemon daemon(kReply);
    const Outcome outcome = run_command(daemon.path(), words);
    EXPECT_EQ(outcome.code, 3) << outcome.err;
    for (const std::string& path : unreadable) {
      EXPECT_NE(outcome.err.find(path + ": unreadable: "), std::string::npos)
          << path << " is not in: " << outcome.err;
    }
  }
}

TEST_F(ImportDir, RulesThatCannotBeReadAreARefusal) {
  write("a.txt", "one");
  ScriptedDaemon daemon(kReply);
  const Outcome outcome =
      run_command(daemon.path(), {"import", "dir", folder_.file("old"), "--remap", "/no/such"});
  EXPECT_EQ(outcome.code, 3);
  EXPECT_NE(outcome.err.find("the rules cannot be read, so nothing was imported: opening /no/such"),
            std::string::npos)
      << outcome.err;
}

TEST_F(ImportDir, WhatIsNoFolderIsSaidAndNothingIsAsked) {
  write("a.txt", "one");
  ScriptedDaemon daemon(kReply);
  const Outcome file = run_command(daemon.path(), {"import", "dir", folder_.file("old/a.txt")});
  EXPECT_EQ(file.code, 3);
  EXPECT_NE(file.err.find("a.txt is no folder; give the one that the other server serves"),
            std::string::npos);
}

}  // namespace
}  // namespace dialtone::cli
