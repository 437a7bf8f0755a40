// SPDX-License-Identifier: Apache-2.0
//
// One request to the daemon, with the files that go along, and its reply. Blocks; main thread.
#pragma once

#include "control/api/client.h"
#include "control/cli/invocation.h"
#include "control/cli/terminal.h"
#include "dataplane/base/result.h"

namespace dialtone::cli {

// Whether a terminal shows that it takes long (progress.h); kNone: it does that already.
enum class Line { kDrawn, kNone };

// A refusal of the daemon is a reply; an Error is one of this side, or of the way to the daemon.
Result<api::Reply> ask(const Invocation& invocation, const Terminal& terminal,
                       Line line = Line::kDrawn);

}  // namespace dialtone::cli
