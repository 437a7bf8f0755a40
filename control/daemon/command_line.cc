// SPDX-License-Identifier: Apache-2.0
#include "control/daemon/command_line.h"

#include "dataplane/base/error.h"

#include <CLI/CLI.hpp>

namespace dialtone::daemon {

std::optional<CommandLine> parse_command_line(int argc, char** argv, int& exit_code) {
  CommandLine line;
  CLI::App cli(
      "Builds the files of all devices from the database and the asset folder, and keeps a "
      "dialtone-dataplane supplied with them.",
      "dialtone-control");
  cli.set_version_flag("--version", std::string("dialtone-control ") + DIALTONE_VERSION);
  cli.add_option("--config", line.config, "TOML file with a [control] table")
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

}  // namespace dialtone::daemon
