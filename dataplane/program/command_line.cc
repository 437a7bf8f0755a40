// SPDX-License-Identifier: Apache-2.0
#include "dataplane/program/command_line.h"

#include "dataplane/base/error.h"

#include <CLI/CLI.hpp>

namespace dialtone::program {

std::optional<CommandLine> parse_command_line(const Program& program, int argc, char** argv,
                                              int& exit_code) {
  CommandLine line;
  CLI::App cli(program.description, program.name);
  cli.set_version_flag("--version", std::string(program.name) + " " + DIALTONE_VERSION);
  cli.add_option("--config", line.config,
                 std::string("TOML file with a [") + program.table + "] table")
      ->type_name("FILE")
      ->required();
  cli.add_flag("--check", line.check,
               "Check the file, print every error as file:line:column: code: text, and end");
  try {
    cli.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    exit_code = cli.exit(error) == 0 ? 0 : static_cast<int>(ErrorCode::kUsage);
    return std::nullopt;
  }
  return line;
}

}  // namespace dialtone::program
