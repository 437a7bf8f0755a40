// SPDX-License-Identifier: Apache-2.0
#include "control/cli/source_file.h"

#include "control/api/message.h"
#include "tests/support/temp_folder.h"
#include "tests/unit/control_cli/scripted_daemon.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <sys/stat.h>

#include <array>

namespace dialtone::cli {
namespace {

// Each would wait, or never end, if it was opened and read.
TEST(SourceFile, WhatIsNoFileIsNotOpened) {
  const test::TempFolder folder;
  const std::string fifo = folder.file("fifo");
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  const ScriptedDaemon daemon([](int) {}, 0);
  const std::pair<std::string, const char*> others[] = {{"/dev/zero", "a device"},
                                                        {"/dev/null", "a device"},
                                                        {fifo, "a named pipe"},
                                                        {daemon.path(), "a socket"},
                                                        {folder.path(), "a folder"}};
  for (const auto& [path, what] : others) {
    const std::string wanted = "opening " + path + ": it is " + what + "; name a file";
    EXPECT_EQ(open_source(path, -1).error().text, wanted);
    EXPECT_EQ(open_regular(path).error().text, wanted);
    EXPECT_EQ(read_source(path, -1, 100).error().code, ErrorCode::kFailed);
  }
}

TEST(SourceFile, EveryCommandThatReadsAFileRefusesADevice) {
  const std::vector<std::string> commands[] = {
      {"import", "csv", "/dev/zero"},         {"import", "json", "/dev/zero"},
      {"dialplan", "set", "hq", "/dev/zero"}, {"gatewaytemplate", "set", "t", "/dev/zero"},
      {"files", "put", "/dev/zero"},          {"restore", "/dev/zero", "--check"},
      {"dhcp", "lint", "/dev/zero"},
  };
  for (const auto& words : commands) {
    ScriptedDaemon daemon([](int) {});
    const Outcome outcome = run_command(daemon.path(), words);
    EXPECT_EQ(outcome.code, 1) << words[0];
    EXPECT_EQ(outcome.err, "error: opening /dev/zero: it is a device; name a file\n") << words[0];
  }
  for (const auto& words : {std::vector<std::string>{"counters", "--check-metrics", "/dev/zero"},
                            {"files", "verify", "f", "/dev/zero"}}) {
    ScriptedDaemon daemon([](int socket) {
      auto memory = api::text_memfd("x");
      const int attachments[] = {memory->get()};
      EXPECT_TRUE(api::send_document(
          socket, {{"ok", true}, {"result", {{"name", "f"}, {"offset", 0}, {"length", 1}}}},
          attachments));
    });
    EXPECT_EQ(run_command(daemon.path(), words).err,
              "error: opening /dev/zero: it is a device; name a file\n");
  }
}

TEST(SourceFile, ThePipeOfAShellIsRead) {
  std::array<int, 2> pipe{};
  ASSERT_EQ(::pipe2(pipe.data(), O_CLOEXEC), 0);
  const UniqueFd in(pipe[0]);
  ASSERT_EQ(::write(pipe[1], "text", 4), 4);
  const std::string path = "/dev/fd/" + std::to_string(in.get());
  EXPECT_EQ(open_regular(path).error().text, "opening " + path + ": it is a pipe; name a file");
  ::close(pipe[1]);
  EXPECT_EQ(*read_source(path, -1, 100), "text");
}

TEST(SourceFile, NoMoreThanTheMostIsRead) {
  const UniqueFd zeros(::open("/dev/zero", O_RDONLY | O_CLOEXEC));
  const auto text = read_source("-", zeros.get(), std::size_t{2} << 20);
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().code, ErrorCode::kRefused);
  EXPECT_EQ(text.error().text, "standard input has more than 2 MiB; is it the right file?");
  EXPECT_EQ(copy_attachment("-", zeros.get()).error().text,
            "standard input has more than 64 MiB; split it, and import the parts one by one");
}

}  // namespace
}  // namespace dialtone::cli
