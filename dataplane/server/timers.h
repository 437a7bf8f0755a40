// SPDX-License-Identifier: Apache-2.0
//
// When a transfer that stands still is helped on, or given up: after its timeout, then after twice
// as long each time (RFC 1123 4.2.3.2), a bounded number of times. A client that has not answered
// yet is waited for at least as long as it may take to repeat what was lost. One worker thread.
#pragma once

#include "dataplane/server/worker_state.h"

namespace dialtone::server {

// Microseconds until the next copy is due, for `session` as it is now.
std::uint64_t wait_of(const WorkerState& worker, const tftp::Session& session) noexcept;

// Puts a session that is in a queue to those that wait, for as long as it has to now.
void wait_again(WorkerState& worker, tftp::Session& session, Micros now) noexcept;

// Looks at the sessions whose turn it is: those that moved wait again, those that have had all of
// their copies end, and the others become ready to send.
void run_timers(WorkerState& worker, Micros now) noexcept;

}  // namespace dialtone::server
