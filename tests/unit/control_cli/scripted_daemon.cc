// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/control_cli/scripted_daemon.h"

#include "control/cli/run.h"
#include "dataplane/base/unix_listener.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>

namespace dialtone::cli {
namespace {

constexpr int kMostMs = 10'000;

UniqueFd empty_file() {
  return UniqueFd(::memfd_create("output", MFD_CLOEXEC));
}

int run_words(const std::string& path, const std::vector<std::string>& words,
              const Terminal& terminal, int patience_ms) {
  std::vector<const char*> argv = {"dialtone", "--socket", path.c_str()};
  for (const std::string& word : words) {
    argv.push_back(word.c_str());
  }
  std::optional<std::chrono::milliseconds> patience;
  if (patience_ms != 0) {
    patience = std::chrono::milliseconds(patience_ms);
  }
  return run(static_cast<int>(argv.size()), argv.data(), terminal, patience);
}

std::string text_of(const UniqueFd& file) {
  auto text = api::read_all(file.get());
  return text ? *text : "unreadable: " + text.error().text;
}

}  // namespace

ScriptedDaemon::ScriptedDaemon(Script script, int clients) {
  auto listener = UnixListener::open(path_, SocketType::kSeqPacket);
  EXPECT_TRUE(listener);
  listener_.emplace(*std::move(listener));
  thread_ = std::thread([this, script = std::move(script), clients] {
    for (int i = 0; i < clients; ++i) {
      serve(script);
    }
  });
}

ScriptedDaemon::ScriptedDaemon(const char* reply)
    : ScriptedDaemon([json = api::Json::parse(reply)](int socket) {
        EXPECT_TRUE(api::send_document(socket, json));
      }) {}

ScriptedDaemon::~ScriptedDaemon() {
  join();
}

void ScriptedDaemon::serve(const Script& script) {
  pollfd waits{listener_->get(), POLLIN, 0};
  if (::poll(&waits, 1, kMostMs) != 1) {
    return;  // a command that never came; the test says so
  }
  auto client = listener_->accept();
  if (!client || !*client) {
    return;
  }
  auto document = api::receive_document((*client)->get());
  if (document) {
    document_ = *std::move(document);
    if (on_attachment_ && document_->attachments.size() == 1) {
      on_attachment_(document_->attachments.front().get());
    }
    script((*client)->get());
  }
}

void ScriptedDaemon::join() {
  if (thread_.joinable()) {
    thread_.join();
  }
}

std::string ScriptedDaemon::request() {
  join();
  return document_ ? document_->json.dump() : "no request came";
}

std::string ScriptedDaemon::attachment() {
  join();
  if (!document_ || document_->attachments.size() != 1) {
    return "not one attachment";
  }
  return text_of(document_->attachments.front());
}

Outcome run_command(const std::string& path, const std::vector<std::string>& words,
                    const std::string& input, int patience_ms) {
  std::array<int, 2> pipe{};
  EXPECT_EQ(::pipe2(pipe.data(), O_CLOEXEC), 0);
  const UniqueFd in(pipe[0]);
  EXPECT_EQ(::write(pipe[1], input.data(), input.size()), static_cast<ssize_t>(input.size()));
  ::close(pipe[1]);
  const UniqueFd out = empty_file();
  const UniqueFd err = empty_file();
  Outcome outcome;
  outcome.code = run_words(path, words, {in.get(), out.get(), err.get()}, patience_ms);
  outcome.out = text_of(out);
  outcome.err = text_of(err);
  return outcome;
}

namespace {

// A pseudo-terminal: both ends.
struct TestTerminal {
  UniqueFd master;
  UniqueFd slave;
};

TestTerminal open_terminal() {
  UniqueFd master(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
  EXPECT_EQ(::grantpt(master.get()), 0);
  EXPECT_EQ(::unlockpt(master.get()), 0);
  UniqueFd slave(::open(::ptsname(master.get()), O_RDWR | O_NOCTTY | O_CLOEXEC));
  return {std::move(master), std::move(slave)};
}

// What was written to it; it must be less than a terminal holds. What is written reaches the other
// end in its own time: only when nobody can write any more is it all that there was.
std::string shown_on(TestTerminal& terminal) {
  terminal.slave.reset();
  std::string text;
  std::array<char, 4096> part{};
  for (;;) {
    const ssize_t got = ::read(terminal.master.get(), part.data(), part.size());
    if (got > 0) {
      text.append(part.data(), static_cast<std::size_t>(got));
    } else if (got == 0 || errno != EINTR) {
      return text;
    }
  }
}

}  // namespace

Outcome run_on_terminal(const std::string& path, const std::vector<std::string>& words) {
  TestTerminal terminal = open_terminal();
  const UniqueFd err = empty_file();
  Outcome outcome;
  outcome.code = run_words(path, words, {terminal.slave.get(), terminal.slave.get(), err.get()}, 0);
  outcome.out = shown_on(terminal);
  outcome.err = text_of(err);
  return outcome;
}

Outcome run_with_errors_on_terminal(const std::string& path,
                                    const std::vector<std::string>& words) {
  TestTerminal terminal = open_terminal();
  const UniqueFd out = empty_file();
  Outcome outcome;
  outcome.code = run_words(path, words, {terminal.slave.get(), out.get(), terminal.slave.get()}, 0);
  outcome.out = text_of(out);
  outcome.err = shown_on(terminal);
  return outcome;
}

}  // namespace dialtone::cli
