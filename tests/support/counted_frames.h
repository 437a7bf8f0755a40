// SPDX-License-Identifier: Apache-2.0
//
// The sum rules of docs/reference.md: a received frame is passed on, is answered, moves or ends a
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
        Counter::kRequestsParked, Counter::kRepliesSent, Counter::kTransfersCompleted,
        Counter::kTransfersAborted, Counter::kTransfersUnreachable, Counter::kAcksDuplicate,
        Counter::kAcksFuture, Counter::kAcksSilent}) {
    ends += counters[server::index_of(counter)];
  }
  for (std::size_t i = 0; i < server::kDropReasonCount; ++i) {
    ends += counters[server::index_of(static_cast<server::DropReason>(i))];
  }
  return ends;
}

// What became of requests; to be equal to Counter::kRequests.
inline std::uint64_t counted_requests(std::span<const std::uint64_t> counters) {
  using server::Counter;
  using server::DropReason;
  std::uint64_t ends = 0;
  for (const Counter counter :
       {Counter::kRequestsProcessed, Counter::kRequestsNotFound, Counter::kRequestsMalformed,
        Counter::kRequestsMode, Counter::kRequestsOptions, Counter::kRequestsWrite,
        Counter::kRequestsComposed, Counter::kRequestsBusy, Counter::kRequestsRebuilding,
        Counter::kRequestsDenied, Counter::kParkedNow, Counter::kParkedRepeated,
        Counter::kParkedReplaced, Counter::kParkedExpired, Counter::kParkedDropped}) {
    ends += counters[server::index_of(counter)];
  }
  for (const DropReason reason :
       {DropReason::kNoImage, DropReason::kSessionsExhausted, DropReason::kSourceRate,
        DropReason::kPrefixRate, DropReason::kFirstPackets, DropReason::kUnanswered,
        DropReason::kUnprovenBytes}) {
    ends += counters[server::index_of(reason)];
  }
  return ends;
}

// And of those that waited; to be equal to Counter::kRequestsParked.
inline std::uint64_t counted_parked(std::span<const std::uint64_t> counters) {
  using server::Counter;
  std::uint64_t ends = 0;
  for (const Counter counter :
       {Counter::kParkedNow, Counter::kParkedRepeated, Counter::kParkedReplaced,
        Counter::kParkedServed, Counter::kParkedRefused, Counter::kParkedExpired,
        Counter::kParkedDropped}) {
    ends += counters[server::index_of(counter)];
  }
  return ends;
}

}  // namespace dialtone::test
