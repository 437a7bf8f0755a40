// SPDX-License-Identifier: Apache-2.0
//
// The line of a command that takes long: on a terminal, and nowhere else.
#include "tests/unit/control_cli/scripted_daemon.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <thread>

namespace dialtone::cli {
namespace {

constexpr const char* kReply =
    R"({"ok":true,"result":{"rows":2,"added":2,"updated":0,"unchanged":0}})";

class ProgressLine : public ::testing::Test {
 protected:
  ProgressLine() {
    ::setenv("TERM", "xterm", 1);
    folder_.write("phones.csv", "name,model\n");
  }
  ~ProgressLine() override { ::unsetenv("TERM"); }

  // A daemon that takes its time.
  static ScriptedDaemon::Script after(int milliseconds) {
    return [milliseconds](int socket) {
      std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
      (void)api::send_document(socket, api::Json::parse(kReply));
    };
  }
  std::vector<std::string> import() const {
    return {"import", "csv", folder_.file("phones.csv"), "--check"};
  }

  test::TempFolder folder_;
};

TEST_F(ProgressLine, IsThereWhileItTakesLongAndGoneBehind) {
  ScriptedDaemon daemon(after(1200));
  const Outcome outcome = run_with_errors_on_terminal(daemon.path(), import());
  EXPECT_EQ(outcome.code, 0);
  // On a busy machine the first line may come late; which second it says is not told.
  EXPECT_TRUE(outcome.err.starts_with("\r\x1b[Kimport csv: ")) << outcome.err;
  EXPECT_NE(outcome.err.find(" s\r\x1b[K"), std::string::npos) << outcome.err;
  EXPECT_TRUE(outcome.err.ends_with("\r\x1b[K")) << outcome.err;
  EXPECT_NE(outcome.out.find("2 rows"), std::string::npos);
}

TEST_F(ProgressLine, IsNotThereForWhatIsQuick) {
  ScriptedDaemon daemon(after(50));
  EXPECT_EQ(run_with_errors_on_terminal(daemon.path(), import()).err, "");
}

TEST_F(ProgressLine, IsSilentInAPipe) {
  ScriptedDaemon daemon(after(900));
  const Outcome outcome = run_command(daemon.path(), import());
  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(outcome.err, "");
  EXPECT_EQ(outcome.out.find('\r'), std::string::npos);
}

TEST_F(ProgressLine, IsSilentWhereALineCannotBeWrittenOver) {
  ::setenv("TERM", "dumb", 1);
  ScriptedDaemon daemon(after(900));
  EXPECT_EQ(run_with_errors_on_terminal(daemon.path(), import()).err, "");
}

// A tenth of a second between two looks: none of them takes long.
TEST_F(ProgressLine, IsOneForAllLooksOfACommandThatWaits) {
  constexpr int kReplies = 13;
  ScriptedDaemon daemon(
      [replies = 0](int socket) mutable {
        const char* text = R"({"ok":true,"result":{"files":[]}})";
        if (++replies == 1) {
          text = R"({"ok":true,"result":{"device":"SEP001122334455","asked_us":1000,"said":""}})";
        } else if (replies == kReplies) {
          text = R"({"ok":true,"result":{"files":[{"name":"a","fetched":{"time_us":1001}}]}})";
        }
        (void)api::send_document(socket, api::Json::parse(text));
      },
      kReplies);
  const Outcome outcome =
      run_with_errors_on_terminal(daemon.path(), {"device", "reset", "SEP001122334455"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_TRUE(outcome.err.starts_with("\r\x1b[Kdevice reset: ")) << outcome.err;
  EXPECT_NE(outcome.err.find(" s\r\x1b[K"), std::string::npos) << outcome.err;
  EXPECT_TRUE(outcome.err.ends_with("\r\x1b[K")) << outcome.err;
}

// The daemon writes into the file that the command has opened.
TEST_F(ProgressLine, ABackupSaysHowMuchIsWritten) {
  ScriptedDaemon::Script script = [](int socket) {
    std::this_thread::sleep_for(std::chrono::milliseconds(900));
    (void)api::send_document(
        socket,
        api::Json::parse(
            R"({"ok":true,"result":{"rows":1,"assets":0,"versions":0,"bytes":1,"schema":4}})"));
  };
  ScriptedDaemon daemon([&](int socket) { script(socket); });
  daemon.on_attachment([](int file) { EXPECT_EQ(::ftruncate(file, 34'000'000), 0); });
  const Outcome outcome =
      run_with_errors_on_terminal(daemon.path(), {"backup", folder_.file("campus.tar")});
  EXPECT_NE(outcome.err.find("\r\x1b[Kbackup: 0 s, 34 MB written\r"), std::string::npos)
      << outcome.err;
}

}  // namespace
}  // namespace dialtone::cli
