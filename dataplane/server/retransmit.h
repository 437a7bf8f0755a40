// SPDX-License-Identifier: Apache-2.0
//
// What happens to sessions whose client has gone silent: copies of the current block up to the
// policy's count, then the end. The copy goes to the MAC that the request came from.
#pragma once

#include "dataplane/server/worker_state.h"

#include <span>

namespace dialtone::server {

// How many frames retransmit() would fill now, at most kMaxBurst.
std::size_t count_due(WorkerState& worker, Ticks now) noexcept;

// Fills `out` in order; returns how many it used.
std::size_t retransmit(WorkerState& worker, Ticks now, std::span<Frame> out) noexcept;

}  // namespace dialtone::server
