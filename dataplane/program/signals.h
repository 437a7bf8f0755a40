// SPDX-License-Identifier: Apache-2.0
//
// Signals as something to poll for. In main(), before any thread is started: threads inherit what
// is blocked.
#pragma once

#include "dataplane/base/result.h"
#include "dataplane/base/unique_fd.h"

#include <initializer_list>

namespace dialtone::program {

// Blocks `signals`, and gives a signalfd that reads them without blocking.
Result<UniqueFd> open_signals(std::initializer_list<int> signals);

// One of these, which are blocked, waits to be read: for a thread that is busy otherwise. One
// system call; it takes none of them away.
bool is_waiting(std::initializer_list<int> signals) noexcept;

}  // namespace dialtone::program
