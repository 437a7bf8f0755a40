// SPDX-License-Identifier: Apache-2.0
//
// The command line of dialtone-control. Everything else is in the configuration file.
#pragma once

#include <optional>
#include <string>

namespace dialtone::daemon {

struct CommandLine {
  std::string config;
  bool check = false;  // --check: say what is wrong with the file, and end
};

// Nothing when the process has nothing more to do (--help, --version, an error that was printed);
// `exit_code` is then what to end with.
std::optional<CommandLine> parse_command_line(int argc, char** argv, int& exit_code);

}  // namespace dialtone::daemon
