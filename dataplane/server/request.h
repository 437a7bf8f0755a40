// SPDX-License-Identifier: Apache-2.0
//
// Port 69, stage 3: read requests become sessions (serve_file.h) or wait for one
// (parked_requests.h), all else gets an ERROR or is dropped (refusal.h). One worker thread; hot, no
// allocation.
#pragma once

#include "dataplane/abi/live_image.h"
#include "dataplane/server/answer.h"
#include "dataplane/server/worker_state.h"

namespace dialtone::server {

// What request_lookup.h has found out of `packet` is what it goes by.
Answer answer_request(WorkerState& worker, const abi::LiveImage* image, const Packet& packet,
                      Frame& frame, Micros now) noexcept;

// The same for a request that has waited: `packet` has its peer, TID, hash and payload. `admitted`:
// it was asked about first packets, and is not any more. Answer::kNone: it is not admitted.
Answer answer_parked_request(WorkerState& worker, const abi::LiveImage& image, Packet packet,
                             bool admitted, Frame& frame, Micros now) noexcept;

}  // namespace dialtone::server
