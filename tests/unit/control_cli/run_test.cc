// SPDX-License-Identifier: Apache-2.0
//
// The command against a daemon that keeps to the protocol: requests, output, attachments.
#include "control/cli/run.h"

#include "control/cli/follow.h"
#include "dataplane/base/unique_fd.h"
#include "tests/unit/control_cli/scripted_daemon.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <sys/mman.h>
#include <sys/stat.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>

namespace dialtone::cli {
namespace {

using api::Json;

// Sends a file of "<<CONTENT>>", of which the reply names what lies between the brackets.
ScriptedDaemon::Script file_of(const std::string& content, std::uint64_t length) {
  return [=](int socket) {
    auto memory = api::text_memfd("<<" + content + ">>");
    ASSERT_TRUE(memory);
    const int attachments[] = {memory->get()};
    const Json result = {{"name", "f.xml"}, {"length", length}, {"offset", 2}, {"digest", "aa"}};
    EXPECT_TRUE(api::send_document(socket, {{"ok", true}, {"result", result}}, attachments));
  };
}

class Run : public testing::Test {
 protected:
  void SetUp() override {
    ::setenv("TERM", "xterm", 1);
    ::unsetenv("NO_COLOR");
  }
};

TEST_F(Run, ChangeIsSentAndShown) {
  ScriptedDaemon daemon(R"({"ok":true,"result":{"changed":["description"],"publish":
      {"state":"published","generation":18,"build_us":100,"publish_us":3000}},
      "warnings":["the disk is nearly full"]})");
  const Outcome outcome =
      run_command(daemon.path(), {"device", "set", "SEP1", "description=B\xC3\xB6"});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(outcome.out, "SEP1: description changed; served as generation 18 after 3.1 ms\n");
  EXPECT_EQ(outcome.err, "warning: the disk is nearly full\n");
  EXPECT_EQ(daemon.request(),
            "{\"command\":\"device set\",\"arguments\":{\"name\":\"SEP1\",\"set\":"
            "{\"description\":\"B\xC3\xB6\"}}}");
}

// It is there whole, or as it was before.
TEST_F(Run, AnExportGoesToItsFile) {
  const test::TempFolder folder;
  const std::string path = folder.file("phones.csv");
  const auto script = [](std::uint64_t length) {
    return [=](int socket) {
      auto memory = api::text_memfd("name\nSEP1\n");
      const int attachments[] = {memory->get()};
      const Json result = {{"rows", 1}, {"offset", 0}, {"length", length}};
      EXPECT_TRUE(api::send_document(socket, {{"ok", true}, {"result", result}}, attachments));
    };
  };
  ScriptedDaemon daemon(script(10));
  const Outcome outcome = run_command(daemon.path(), {"export", "csv", path});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.out, path + ": 1 row, 10 B\n");
  const auto content = [&] {
    std::ifstream file(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  EXPECT_EQ(content(), "name\nSEP1\n");
  ScriptedDaemon broken(script(11));
  EXPECT_EQ(run_command(broken.path(), {"export", "csv", path}).code, 1);
  EXPECT_EQ(content(), "name\nSEP1\n");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.file("")), {}), 1);
}

// Whoever is root would have a regular file in the place of /dev/null.
TEST_F(Run, AnExportTakesThePlaceOfAFileAlone) {
  namespace fs = std::filesystem;
  const test::TempFolder folder;
  const auto run_export = [](const std::string& path) {
    ScriptedDaemon daemon([](int socket) {
      auto memory = api::text_memfd("name\n");
      const int attachments[] = {memory->get()};
      const Json result = {{"rows", 0}, {"offset", 0}, {"length", 5}};
      EXPECT_TRUE(api::send_document(socket, {{"ok", true}, {"result", result}}, attachments));
    });
    return run_command(daemon.path(), {"export", "csv", path});
  };
  const std::string pipe = folder.file("pipe");
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  for (const std::string& path : {pipe, folder.file("")}) {
    const Outcome outcome = run_export(path);
    EXPECT_EQ(outcome.code, 3) << path;
    EXPECT_NE(outcome.err.find("it is a device, a pipe or a folder"), std::string::npos)
        << outcome.err;
  }
  EXPECT_TRUE(fs::is_fifo(pipe));
  folder.write("old.csv", "old");
  fs::create_symlink("old.csv", folder.file("link.csv"));
  EXPECT_EQ(run_export(folder.file("link.csv")).code, 0);
  EXPECT_TRUE(fs::is_symlink(folder.file("link.csv")));
  EXPECT_EQ(fs::file_size(folder.file("old.csv")), 5u);
}

TEST_F(Run, JsonIsTheReplyOnOneLine) {
  const char* reply = R"({"ok":true,"result":{"devices":[{"name":"SEP1"}]},"warnings":["w"]})";
  ScriptedDaemon daemon(reply);
  const Outcome outcome = run_command(daemon.path(), {"device", "ls", "--json"});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(outcome.out, std::string(reply) + '\n');
  EXPECT_EQ(outcome.err, "warning: w\n");
}

TEST_F(Run, WhoFollowsIsToldTheWarningsOfEachReply) {
  ScriptedDaemon daemon(R"({"ok":true,"result":{"events":[],"next":[1]},"warnings":["w"]})");
  const UniqueFd out(::memfd_create("out", MFD_CLOEXEC));
  const UniqueFd err(::memfd_create("err", MFD_CLOEXEC));
  Invocation invocation;
  invocation.socket = daemon.path();
  invocation.command = "events";
  EXPECT_FALSE(follow(invocation, Json::array({0}), {-1, out.get(), err.get()}))
      << "this daemon replies once";
  EXPECT_EQ(*api::read_all(err.get()), "warning: w\n");
}

TEST_F(Run, LargeReplyComesWhole) {
  Json devices = Json::array();
  for (int i = 0; i < 5000; ++i) {
    devices.push_back({{"name", "SEP" + std::to_string(i)}, {"model", "CP-8845"}});
  }
  ScriptedDaemon daemon([&](int socket) {
    const Json result = {{"devices", devices}};
    EXPECT_TRUE(api::send_document(socket, {{"ok", true}, {"result", result}}));
  });
  const Outcome outcome = run_command(daemon.path(), {"device", "ls"});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(std::count(outcome.out.begin(), outcome.out.end(), '\n'), 5001);
}

TEST_F(Run, CountersAreChosenInJsonToo) {
  ScriptedDaemon daemon(R"({"ok":true,"result":{"counters":[
      {"name":"a","help":"h","value":0},{"name":"b","help":"h","value":2}]}})");
  EXPECT_EQ(run_command(daemon.path(), {"counters", "--json"}).out,
            "{\"ok\":true,\"result\":{\"counters\":[{\"name\":\"b\",\"help\":\"h\",\"value\":2}]}}"
            "\n");
}

TEST_F(Run, FileContentIsRaw) {
  const std::string content = std::string("\x1b[31m\0\r\n", 8) + std::string(200'000, 'x');
  ScriptedDaemon daemon(file_of(content, content.size()));
  const Outcome outcome = run_command(daemon.path(), {"files", "cat", "f.xml"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.out, content);
}

TEST_F(Run, FileWithJsonIsItsDataOnly) {
  ScriptedDaemon daemon(file_of("content", 7));
  const Outcome outcome = run_command(daemon.path(), {"files", "cat", "f.xml", "--json"});
  EXPECT_EQ(outcome.out,
            R"({"ok":true,"result":{"name":"f.xml","length":7,"offset":2,"digest":"aa"}})"
            "\n");
}

TEST_F(Run, FileThatIsShorterThanAnnouncedIsAnError) {
  for (const std::uint64_t length : {std::uint64_t{10}, ~std::uint64_t{0}, ~std::uint64_t{0} - 1}) {
    ScriptedDaemon daemon(file_of("content", length));
    const Outcome outcome = run_command(daemon.path(), {"files", "cat", "f.xml"});
    EXPECT_EQ(outcome.code, 1);
    EXPECT_EQ(outcome.out, "");
    EXPECT_NE(outcome.err.find("less than the file's"), std::string::npos);
  }
}

TEST_F(Run, ControlBytesDoNotReachATerminal) {
  const std::string content = "<a>\x1b[31m\n";
  ScriptedDaemon file(file_of(content, content.size()));
  EXPECT_EQ(run_on_terminal(file.path(), {"files", "cat", "f.xml"}).out,
            "<a>\xEF\xBF\xBD[31m\r\n");  // the terminal itself makes "\r\n" of "\n"
  ScriptedDaemon json(R"({"ok":true,"result":{"devices":[{"name":"a\u009b\u001b\u007f"}]}})");
  const std::string out = run_on_terminal(json.path(), {"device", "ls", "--json"}).out;
  EXPECT_NE(out.find("a\\u009b\\u001b\\u007f"), std::string::npos) << out;
}

TEST_F(Run, ColourIsForTerminals) {
  const char* reply = R"({"ok":true,"result":{"devices":[{"name":"SEP1"}]}})";
  const auto is_coloured = [](const Outcome& outcome) {
    EXPECT_EQ(outcome.code, 0);
    return outcome.out.find("\x1b[1m") != std::string::npos;
  };
  ScriptedDaemon a(reply), b(reply), c(reply), d(reply), e(reply);
  EXPECT_TRUE(is_coloured(run_on_terminal(a.path(), {"device", "ls"})));
  EXPECT_FALSE(is_coloured(run_on_terminal(b.path(), {"device", "ls", "--color=never"})));
  EXPECT_FALSE(is_coloured(run_command(c.path(), {"device", "ls"})));
  ::setenv("NO_COLOR", "1", 1);
  EXPECT_FALSE(is_coloured(run_on_terminal(d.path(), {"device", "ls"})));
  EXPECT_TRUE(is_coloured(run_command(e.path(), {"device", "ls", "--color=always"})));
}

TEST_F(Run, ImportSendsTheFileOrStandardInput) {
  const char* reply = R"({"ok":true,"result":{"rows":1,"added":1,"updated":0,"unchanged":0}})";
  const std::string path = testing::TempDir() + "dialtone-" + std::to_string(::getpid()) + ".csv";
  std::ofstream(path) << "name\nSEP1\n";
  ScriptedDaemon of_file(reply);
  EXPECT_EQ(run_command(of_file.path(), {"import", "csv", path, "--check"}).code, 0);
  EXPECT_EQ(of_file.attachment(), "name\nSEP1\n");
  std::filesystem::remove(path);

  // The daemon must get no descriptor of a file: reading this one is not up to it to end.
  ScriptedDaemon of_proc(reply);
  EXPECT_EQ(run_command(of_proc.path(), {"import", "csv", "/proc/self/comm"}).code, 0);
  EXPECT_EQ(of_proc.attachment(), "control_cli_tes\n");

  ScriptedDaemon of_input(reply);
  const Outcome outcome = run_command(of_input.path(), {"import", "csv", "-"}, "name\nSEP2\n");
  EXPECT_EQ(outcome.out, "imported 1 row from <stdin>: 1 added, 0 updated, 0 unchanged\n");
  EXPECT_EQ(of_input.attachment(), "name\nSEP2\n");
  EXPECT_EQ(of_input.request(), R"({"command":"import csv","arguments":{"file":"<stdin>"}})");
}

TEST_F(Run, ReaderThatHasGoneIsNoError) {
  const auto before = std::signal(SIGPIPE, SIG_IGN);
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  ::close(ends[0]);
  const UniqueFd out(ends[1]);
  ScriptedDaemon daemon(file_of("content", 7));
  const char* argv[] = {"dialtone", "--socket", daemon.path().c_str(), "files", "cat", "f"};
  EXPECT_EQ(run(6, argv, {0, out.get(), 2}), 0);
  std::signal(SIGPIPE, before);
}

}  // namespace
}  // namespace dialtone::cli
