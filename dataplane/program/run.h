// SPDX-License-Identifier: Apache-2.0
//
// What a daemon does around its own work: streams, command line, configuration, log, exit code
// (docs/cli.md, "Exit codes"). Called once, by main().
#pragma once

#include "dataplane/base/diagnostic.h"
#include "dataplane/base/result.h"
#include "dataplane/base/standard_streams.h"
#include "dataplane/program/command_line.h"
#include "dataplane/program/log.h"

#include <cstdio>
#include <string>

namespace dialtone::program {

// `Options` has a `log_level`. `read_options` puts what is wrong with the file into the faults.
template <typename Options>
int run(const Program& program, int argc, char** argv,
        Options (*read_options)(const std::string& path, Diagnostics& faults),
        Result<void> (*serve)(const Options& options)) {
  open_standard_streams();
  int exit_code = 0;
  const auto line = parse_command_line(program, argc, argv, exit_code);
  if (!line) {
    return exit_code;
  }
  Diagnostics faults;
  const Options options = read_options(line->config, faults);
  for (const Diagnostic& fault : faults) {
    std::fprintf(stderr, "%s\n", to_string(fault).c_str());
  }
  if (!faults.empty()) {
    return static_cast<int>(ErrorCode::kUsage);
  }
  if (line->check) {
    std::printf("%s: [%s] is in order\n", line->config.c_str(), program.table);
    return 0;
  }
  open_log(program.table, options.log_level);
  if (const auto served = serve(options); !served) {
    spdlog::critical("{}", served.error().text);
    return static_cast<int>(served.error().code);
  }
  spdlog::info("stopped");
  return 0;
}

}  // namespace dialtone::program
