// SPDX-License-Identifier: Apache-2.0
//
// Transfer ports: ACKs move sessions on, ERRORs end them, strangers are told so. Hot.
#pragma once

#include "dataplane/abi/live_image.h"
#include "dataplane/server/worker_state.h"

namespace dialtone::server {

// The session that a packet belongs to. Null for who sends to another port than its own, before any
// session is looked at.
tftp::Session* session_of(WorkerState& worker, const Packet& packet) noexcept;

// Stage 2: finds the session; prefetches the block that its ACK will ask for.
void find_session(WorkerState& worker, Packet& packet) noexcept;

// Stage 3.
Verdict answer_transfer(WorkerState& worker, const abi::LiveImage* image, const Packet& packet,
                        Frame& frame, Micros now) noexcept;

// Stage 3 of what ICMP says: nobody listens there any more.
Verdict end_unreachable(WorkerState& worker, const Packet& packet) noexcept;

}  // namespace dialtone::server
