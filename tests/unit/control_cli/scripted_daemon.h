// SPDX-License-Identifier: Apache-2.0
//
// A dialtone-control of one reply: a thread that takes one client, or so many in turn, keeps the
// request and sends what the test has written down. And the command, run against it in this
// process.
#pragma once

#include "control/api/message.h"
#include "dataplane/base/unix_listener.h"
#include "tests/support/temp_folder.h"

#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace dialtone::cli {

class ScriptedDaemon {
 public:
  using Script = std::function<void(int socket)>;

  explicit ScriptedDaemon(Script script, int clients = 1);
  explicit ScriptedDaemon(const char* reply);  // a JSON text
  ~ScriptedDaemon();

  const std::string& path() const { return path_; }

  // Before a command is run: is given the one file that goes along, before the script replies.
  void on_attachment(std::function<void(int file)> call) { on_attachment_ = std::move(call); }

  // Of the last request; ends the thread.
  std::string request();
  std::string attachment();

 private:
  void serve(const Script& script);  // one client
  void join();

  std::function<void(int file)> on_attachment_;
  test::TempFolder folder_;
  std::string path_ = folder_.file("control.sock");
  std::optional<UnixListener> listener_;
  std::optional<api::Document> document_;
  std::thread thread_;
};

struct Outcome {
  int code = -1;
  std::string out;
  std::string err;
};

// Runs `dialtone --socket PATH WORDS...`. `patience_ms`: 0 is that of the command.
Outcome run_command(const std::string& path, const std::vector<std::string>& words,
                    const std::string& input = {}, int patience_ms = 0);

// The same with standard output on a terminal; what it gets is `out`.
Outcome run_on_terminal(const std::string& path, const std::vector<std::string>& words);

// The same with standard error on a terminal, and output to a file; what the terminal gets is
// `err`.
Outcome run_with_errors_on_terminal(const std::string& path, const std::vector<std::string>& words);

}  // namespace dialtone::cli
