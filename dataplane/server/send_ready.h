// SPDX-License-Identifier: Apache-2.0
//
// What goes out without a packet that came in: copies, and the blocks of a window behind its first.
// Sessions take turns, a block each, so that a wide window waits for nobody and nobody for it. One
// worker thread.
#pragma once

#include "dataplane/server/frame.h"
#include "dataplane/server/worker_state.h"

#include <cstddef>
#include <span>

namespace dialtone::server {

// Frames that send_ready() would fill; kMaxBurst at most. Sends those who have nothing left to send
// back to wait.
std::size_t count_ready(WorkerState& worker, Micros now) noexcept;

// Fills `out` in order and returns how many it used.
std::size_t send_ready(WorkerState& worker, Micros now, std::span<Frame> out) noexcept;

}  // namespace dialtone::server
