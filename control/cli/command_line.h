// SPDX-License-Identifier: Apache-2.0
//
// The command line of `dialtone`: options, nouns, verbs, and the words to say when it is wrong.
// Reads DIALTONE_SOCKET. Cold; the main thread. Exceptions of CLI11 end here.
#pragma once

#include "control/cli/invocation.h"
#include "dataplane/base/error.h"

#include <string>
#include <variant>

namespace dialtone::cli {

struct Help {
  std::string text;  // of --help and --version
};

std::variant<Invocation, Help, Error> parse_command_line(int argc, const char* const* argv);

}  // namespace dialtone::cli
