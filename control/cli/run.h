// SPDX-License-Identifier: Apache-2.0
//
// `dialtone` from its command line to its exit code: one request, one reply. Blocks. The caller
// ignores SIGPIPE. Errors are written to standard error, and with --json to standard output too.
#pragma once

#include "control/cli/terminal.h"

#include <chrono>
#include <optional>

namespace dialtone::cli {

// `patience` replaces that of the command; the tests do not wait for 30 seconds.
int run(int argc, const char* const* argv, const Terminal& terminal,
        std::optional<std::chrono::milliseconds> patience = std::nullopt);

}  // namespace dialtone::cli
