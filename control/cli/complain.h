// SPDX-License-Identifier: Apache-2.0
//
// What goes to standard error, and the exit code. When standard error cannot be written there is
// nobody left to tell. Main thread.
#pragma once

#include "control/cli/style.h"
#include "control/cli/terminal.h"
#include "dataplane/base/error.h"

#include <string>
#include <vector>

namespace dialtone::cli {

int exit_code(const Error& error);

void complain(const Terminal& terminal, const std::string& lines);

// Says the error, with `json` on standard output too; the exit code.
int fail(const Terminal& terminal, const Error& error, bool json, ColourMode colour);

// A line each.
std::string warning_lines(const std::vector<std::string>& warnings, const Style& style);

}  // namespace dialtone::cli
