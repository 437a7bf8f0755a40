// SPDX-License-Identifier: Apache-2.0
//
// A request whose file is there: it begins a transfer, goes on with the one it had, waits for a
// session or is told that all are busy, or is not admitted. One worker thread; hot, no allocation.
#pragma once

#include "dataplane/abi/live_image.h"
#include "dataplane/server/answer.h"
#include "dataplane/server/worker_state.h"

#include <cstdint>

namespace dialtone::server {

enum class Arrival : std::uint8_t {
  kNewcomer,   // it has come now, and has to be admitted about first packets
  kHasWaited,  // for its file, or the proof of its source: it has to be admitted now
  kAdmitted,   // it has waited for a session: it was admitted before
};

// Whether `packet`, whose file is there, asks for what `session` sends: the same name in the same
// mode.
bool is_repeat_of(const tftp::Session& session, const Packet& packet) noexcept;

// Counts it, but for what its caller counts of one that has waited: Answer::kNone is that it is not
// admitted, or that there is no ERROR for it. Answer::kNoSession is for such alone.
Answer serve_file(WorkerState& worker, const abi::LiveImage& image, const Packet& packet,
                  Frame& frame, Arrival arrival, Micros now) noexcept;

}  // namespace dialtone::server
