// SPDX-License-Identifier: Apache-2.0
//
// A request that gets no file: an ERROR in its frame, or nothing. Who gets an ERROR has no transfer
// any more. One worker thread; no allocation.
#pragma once

#include "dataplane/server/answer.h"
#include "dataplane/server/worker_state.h"

#include <cstdint>
#include <string_view>

namespace dialtone::server {

// The client that asks for something else has given up the transfer before. Were it to go on, its
// DATA would follow the ERROR from the same TID.
void end_transfer_before(WorkerState& worker, const Packet& packet) noexcept;

// Of a request that is not counted yet.
Answer drop(WorkerState& worker, const Packet& packet, DropReason reason) noexcept;

// An ERROR for a request that is counted already.
Answer refuse(WorkerState& worker, const Packet& packet, Frame& frame, std::uint16_t code,
              std::string_view text) noexcept;

// Whether one that may be shorter than the text that it gets gets it: not each one does then.
bool may_refuse(WorkerState& worker, const Packet& packet, std::string_view text,
                Micros now) noexcept;

// An ERROR for such a one, which has come now: where it gets none it is counted as dropped too.
Answer refuse_briefly(WorkerState& worker, const Packet& packet, Frame& frame, std::uint16_t code,
                      std::string_view text, Micros now) noexcept;
Answer refuse_briefly(WorkerState& worker, const Packet& packet, Frame& frame,
                      const abi::ErrorReply& reply, Micros now) noexcept;

// Counts it: there is no such file.
Answer refuse_name(WorkerState& worker, const abi::Policy& policy, const Packet& packet,
                   Frame& frame) noexcept;

// Counts it: its client may not ask.
Answer deny(WorkerState& worker, const abi::Policy& policy, const Packet& packet, Frame& frame,
            Micros now) noexcept;

}  // namespace dialtone::server
