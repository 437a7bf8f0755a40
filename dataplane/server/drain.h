// SPDX-License-Identifier: Apache-2.0
//
// Ends the transfers that read one segment, when it has to be unmapped before they are over
// (docs/swap-protocol.md, "drain deadline"). The housekeeper names its slot; the worker looks
// through its sessions some at a time and makes those ready that it finds, and send_ready() writes
// the ERROR. One worker thread.
#pragma once

#include "dataplane/server/frame.h"
#include "dataplane/server/worker_state.h"

#include <cstdint>

namespace dialtone::server {

// Looks at some sessions; a compare when `slot` is abi::kNoSlot or nothing of it is pinned.
void look_for_drained(WorkerState& worker, std::uint16_t slot) noexcept;

inline bool is_drained(const WorkerState& worker, const tftp::Session& session) noexcept {
  return session.slot == worker.drained_slot;
}

// Writes the ERROR into `frame` and frees the session.
void end_drained(WorkerState& worker, Frame& frame, tftp::Session& session) noexcept;

}  // namespace dialtone::server
