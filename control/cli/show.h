// SPDX-License-Identifier: Apache-2.0
//
// A reply as it was asked for: text or JSON, warnings, claims about it; and the exit code. Main
// thread.
#pragma once

#include "control/api/client.h"
#include "control/cli/invocation.h"
#include "control/cli/terminal.h"

namespace dialtone::cli {

// Of a reply that is no refusal.
int show(const Invocation& asked, api::Reply reply, const Terminal& terminal);

int show_refusal(const Invocation& asked, const api::Reply& reply, const Terminal& terminal);

}  // namespace dialtone::cli
