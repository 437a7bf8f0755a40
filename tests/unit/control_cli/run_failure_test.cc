// SPDX-License-Identifier: Apache-2.0
//
// The exit codes of the command, and what it says.
#include "control/cli/run.h"
#include "dataplane/base/unix_listener.h"
#include "tests/support/temp_folder.h"
#include "tests/unit/control_cli/scripted_daemon.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <sys/wait.h>

namespace dialtone::cli {
namespace {

using api::Json;

TEST(RunFailure, NothingListensIs5) {
  const Outcome outcome = run_command("/tmp/no/such.sock", {"status", "--json"});
  EXPECT_EQ(outcome.code, 5);
  EXPECT_EQ(outcome.err,
            "error: nothing listens on /tmp/no/such.sock; start dialtone-control, or name its "
            "socket with --socket\n");
  const Json json = Json::parse(outcome.out);
  EXPECT_EQ(json["ok"], false);
  EXPECT_EQ(json["code"], 5);
}

TEST(RunFailure, UsageIs2) {
  const Outcome outcome = run_command("/s", {"device", "shwo", "--json"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(Json::parse(outcome.out)["code"], 2);
  EXPECT_EQ(outcome.err,
            "error: there is no 'dialtone device shwo'; did you mean 'show'? dialtone device "
            "--help shows how it is used\n");
}

TEST(RunFailure, RefusalHasItsOwnCode) {
  for (const int code : {1, 3, 4, 7}) {
    ScriptedDaemon daemon([code](int socket) {
      EXPECT_TRUE(api::send_document(
          socket, {{"ok", false}, {"code", code}, {"error", "no device 'x'; see device ls"}}));
    });
    const Outcome outcome = run_command(daemon.path(), {"device", "show", "x"});
    EXPECT_EQ(outcome.code, code);
    EXPECT_EQ(outcome.out, "");
    EXPECT_EQ(outcome.err, "error: no device 'x'; see device ls\n");
  }
}

TEST(RunFailure, FaultsOfAnImportAre3) {
  const char* reply = R"({"ok":false,"code":3,"error":"no","faults":[
      {"file":"<stdin>","line":2,"column":5,"code":"bad-mac","text":"t"}]})";
  ScriptedDaemon daemon(reply);
  const Outcome outcome = run_command(daemon.path(), {"import", "csv", "-", "--json"}, "x");
  EXPECT_EQ(outcome.code, 3);
  EXPECT_EQ(outcome.err,
            "<stdin>:2:5: bad-mac: t\n"
            "error: nothing was imported: 1 fault in <stdin>; correct it and import again\n");
  EXPECT_EQ(Json::parse(outcome.out), Json::parse(reply));
}

TEST(RunFailure, ChangeThatTheDataplaneRefusesIs3) {
  ScriptedDaemon daemon(R"({"ok":true,"result":{"publish":{"state":"refused","why":"w"}}})");
  const Outcome outcome = run_command(daemon.path(), {"device", "rm", "SEP1", "--json"});
  EXPECT_EQ(outcome.code, 3);
  EXPECT_EQ(outcome.err, "error: the dataplane refused the new files and serves the old ones: w\n");
}

TEST(RunFailure, NoReplyIs6) {
  ScriptedDaemon daemon([](int socket) {
    (void)receive_message(socket, 1);  // until the client gives up
  });
  const Outcome outcome = run_command(daemon.path(), {"status"}, {}, 30);
  EXPECT_EQ(outcome.code, 6);
  EXPECT_EQ(outcome.err,
            "error: dialtone-control did not answer within 1 s; its log says what it is doing\n");
}

TEST(RunFailure, ClosedConnectionIs5) {
  ScriptedDaemon daemon([](int) {});
  EXPECT_EQ(run_command(daemon.path(), {"status"}).code, 5);
}

TEST(RunFailure, ReplyThatIsNoneIs1) {
  for (const std::string_view bytes : {"nonsense", "[1]", "{\"ok\":1}", "@"}) {
    ScriptedDaemon daemon([bytes](int socket) {
      EXPECT_TRUE(send_message(socket, std::as_bytes(std::span(bytes))));
    });
    const Outcome outcome = run_command(daemon.path(), {"status"});
    EXPECT_EQ(outcome.code, 1) << bytes;
    EXPECT_NE(outcome.err.find("same version"), std::string::npos) << outcome.err;
  }
}

TEST(RunFailure, FileWithoutContentIs1) {
  ScriptedDaemon daemon(R"({"ok":true,"result":{"name":"f","length":1,"offset":0}})");
  EXPECT_EQ(run_command(daemon.path(), {"files", "cat", "f"}).code, 1);
}

TEST(RunFailure, ImportOfNoFileSendsNothing) {
  ScriptedDaemon missing("{}");
  const Outcome outcome = run_command(missing.path(), {"import", "csv", "/no/such.csv"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(outcome.err, "error: opening /no/such.csv: No such file or directory\n");
  EXPECT_EQ(missing.request(), "no request came");
  ScriptedDaemon unnamed("{}");
  EXPECT_EQ(run_command(unnamed.path(), {"import", "csv", ""}).err,
            "error: opening '': No such file or directory\n");
  ScriptedDaemon folder("{}");
  EXPECT_EQ(run_command(folder.path(), {"import", "json", "/tmp"}).err,
            "error: opening /tmp: it is a folder; name a file\n");
}

TEST(RunFailure, ImportOfTooMuchSendsNothing) {
  const std::string wanted = " has more than 64 MiB; split it, and import the parts one by one\n";
  char path[] = "/tmp/dialtone-cli-XXXXXX";
  const UniqueFd large(::mkstemp(path));
  ASSERT_EQ(::ftruncate(large.get(), static_cast<off_t>(api::kMaxImport) + 1), 0);
  ScriptedDaemon file("{}");
  const Outcome outcome = run_command(file.path(), {"import", "json", path});
  EXPECT_EQ(outcome.code, 3);
  EXPECT_EQ(outcome.err, "error: " + (path + wanted));
  EXPECT_EQ(file.request(), "no request came");
  ::unlink(path);
}

TEST(RunFailure, FullDiskIs1) {
  ScriptedDaemon daemon(R"({"ok":true,"result":{}})");
  const UniqueFd full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  const UniqueFd nowhere(::open("/dev/null", O_WRONLY | O_CLOEXEC));
  const char* argv[] = {"dialtone", "--socket", daemon.path().c_str(), "status"};
  EXPECT_EQ(run(4, argv, {0, full.get(), nowhere.get()}), 1);
}

// Permission is not asked of root, so a child gives it up.
TEST(RunFailure, NoPermissionIs7) {
  if (::geteuid() != 0) {
    GTEST_SKIP() << "needs root, to become somebody else";
  }
  const test::TempFolder folder;  // mode 0700
  const std::string path = folder.file("control.sock");
  const auto listener = UnixListener::open(path, SocketType::kSeqPacket);
  ASSERT_TRUE(listener);
  const pid_t child = ::fork();
  if (child == 0) {
    const int dropped = ::setgid(65534) == 0 && ::setuid(65534) == 0;
    ::_exit(dropped ? run_command(path, {"status"}).code : 99);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(WEXITSTATUS(status), 7);
}

}  // namespace
}  // namespace dialtone::cli
