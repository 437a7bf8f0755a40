// SPDX-License-Identifier: Apache-2.0
//
// A request whose file is there: it begins a transfer, goes on with the one it had, waits for a
// session, or is not admitted. One worker thread; hot, no allocation.
#pragma once

#include "dataplane/abi/live_image.h"
#include "dataplane/server/answer.h"
#include "dataplane/server/worker_state.h"

#include <cstdint>
#include <optional>

namespace dialtone::server {

enum class Arrival : std::uint8_t {
  kNewcomer,   // it has come now, and has to be admitted about first packets
  kHasWaited,  // it was, when it came or when its file did
};

// Counts it. Answer::kNoSession is for kHasWaited alone.
Answer serve_file(WorkerState& worker, const abi::LiveImage& image, const Packet& packet,
                  Frame& frame, Arrival arrival, Micros now) noexcept;

// Whether one that has waited for its file is admitted: how much it will get is known only now. Its
// transfer before ended when it began to wait.
std::optional<DropReason> admit_found(WorkerState& worker, const Packet& packet,
                                      Micros now) noexcept;

}  // namespace dialtone::server
