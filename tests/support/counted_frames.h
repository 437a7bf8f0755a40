// SPDX-License-Identifier: Apache-2.0
//
// The sum rule of docs/reference.md: a received frame is passed on, is answered, moves or ends a
// transfer, or is dropped for one reason.
#pragma once

#include "dataplane/server/counters.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace dialtone::test {

// Ends of frames that a worker's block counts; to be equal to Counter::kFramesReceived.
inline std::uint64_t counted_frames(std::span<const std::uint64_t> counters) {
  using server::Counter;
  std::uint64_t ends = 0;
  for (const Counter counter :
       {Counter::kFramesHandedOff, Counter::kFramesPunted, Counter::kFragments,
        Counter::kRepliesSent, Counter::kTransfersCompleted, Counter::kTransfersAborted,
        Counter::kTransfersUnreachable, Counter::kAcksDuplicate, Counter::kAcksFuture,
        Counter::kAcksSilent}) {
    ends += counters[server::index_of(counter)];
  }
  for (std::size_t i = 0; i < server::kDropReasonCount; ++i) {
    ends += counters[server::index_of(static_cast<server::DropReason>(i))];
  }
  return ends;
}

}  // namespace dialtone::test
