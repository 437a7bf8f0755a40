// SPDX-License-Identifier: Apache-2.0
//
// `dialtone events --follow`: asks for what is new, again and again. Blocks until whoever reads
// standard output is gone, or Ctrl-C ends the program.
#pragma once

#include "control/cli/invocation.h"
#include "control/cli/terminal.h"
#include "dataplane/base/result.h"

namespace dialtone::cli {

// `next` is of the reply that was shown before this. An Error is why it cannot go on.
Result<void> follow(Invocation invocation, api::Json next, const Terminal& terminal);

}  // namespace dialtone::cli
