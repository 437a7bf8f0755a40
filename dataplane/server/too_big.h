// SPDX-License-Identifier: Apache-2.0
//
// What a router says of a packet of a transfer: the next link carries less (RFC 1191, RFC 8201).
// The size of blocks is agreed on and cannot change before the end (RFC 2348). Over IPv4 routers
// may cut the packets of this transfer from then on, and its window is sent again at once. Over
// IPv6 they must not: the transfer ends with an ERROR, and the client asks again. Either way the
// client's next transfers get blocks that fit (path_limits.h). Nothing is believed that does not
// quote a packet which is on its way. One worker thread.
#pragma once

#include "dataplane/server/frame.h"
#include "dataplane/server/worker_state.h"

namespace dialtone::server {

// Stage 3.
Verdict note_too_big(WorkerState& worker, const Packet& packet, Micros now) noexcept;

// Nothing of it arrives, and nobody cuts it: send_ready() has to end it.
inline bool is_blocked(const tftp::Session& session) noexcept {
  return session.has(tftp::SessionFlag::kTooBig) && !session.client.address.is_v4();
}

// Writes the ERROR into `frame` and frees the session.
void end_blocked(WorkerState& worker, Frame& frame, tftp::Session& session) noexcept;

}  // namespace dialtone::server
