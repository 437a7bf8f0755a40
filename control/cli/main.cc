// SPDX-License-Identifier: Apache-2.0
//
// dialtone: the operator's command, a client of dialtone-control (docs/cli.md).
#include "control/cli/run.h"
#include "dataplane/base/standard_streams.h"

#include <csignal>

int main(int argc, char** argv) {
  dialtone::open_standard_streams();
  // A reader that goes early (dialtone files cat x | head) ends the output, not the program.
  std::signal(SIGPIPE, SIG_IGN);
  return dialtone::cli::run(argc, argv, {});
}
