// SPDX-License-Identifier: Apache-2.0
//
// dialtone-emu: emulated phones and gateways (bench/emu/README.md).
#include "bench/emu/app/cluster_command.h"
#include "bench/emu/app/cm_command.h"
#include "bench/emu/app/device_command.h"
#include "bench/emu/app/hold_command.h"
#include "bench/emu/app/replay_command.h"
#include "bench/emu/app/report_command.h"
#include "bench/emu/app/storm_command.h"
#include "dataplane/base/error.h"
#include "dataplane/base/standard_streams.h"

#include <CLI/CLI.hpp>

#include <cstdio>

int main(int argc, char** argv) {
  dialtone::open_standard_streams();
  CLI::App app("Emulated phones and gateways: what a device does, from the cable on.",
               "dialtone-emu");
  app.require_subcommand(1);
  app.set_version_flag("--version", DIALTONE_VERSION);
  std::function<int()> run;
  dialtone::emu::add_device_commands(app, run);
  dialtone::emu::add_cm_command(app, run);
  dialtone::emu::add_hold_command(app, run);
  dialtone::emu::add_cluster_command(app, run);
  dialtone::emu::add_storm_command(app, run);
  dialtone::emu::add_replay_command(app, run);
  dialtone::emu::add_report_command(app, run);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : static_cast<int>(dialtone::ErrorCode::kUsage);
  }
  const int code = run();
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
    std::perror("dialtone-emu: writing its output");
    return code == 0 ? static_cast<int>(dialtone::ErrorCode::kFailed) : code;
  }
  return code;
}
