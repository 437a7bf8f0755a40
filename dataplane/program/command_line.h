// SPDX-License-Identifier: Apache-2.0
//
// The command line that the daemons share. Everything else is in the configuration file.
#pragma once

#include <optional>
#include <string>

namespace dialtone::program {

struct Program {
  const char* name;         // dialtone-control
  const char* table;        // control: of the configuration file, and in log lines
  const char* description;  // for --help
};

struct CommandLine {
  std::string config;
  bool check = false;  // --check: say what is wrong with the file, and end
};

// Nothing when the process has nothing more to do (--help, --version, an error that was printed);
// `exit_code` is then what to end with.
std::optional<CommandLine> parse_command_line(const Program& program, int argc, char** argv,
                                              int& exit_code);

}  // namespace dialtone::program
