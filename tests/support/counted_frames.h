// SPDX-License-Identifier: Apache-2.0
//
// The sum rules of docs/reference.md: a received frame is passed on, is answered, moves or ends a
// transfer, or is dropped for one reason.
#pragma once

#include "dataplane/server/counters.h"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>

namespace dialtone::test {

template <typename Key>
std::uint64_t sum_of(std::span<const std::uint64_t> counters, std::initializer_list<Key> keys) {
  std::uint64_t sum = 0;
  for (const Key key : keys) {
    sum += counters[server::index_of(key)];
  }
  return sum;
}

// Ends of frames that a worker's block counts; to be equal to Counter::kFramesReceived.
inline std::uint64_t counted_frames(std::span<const std::uint64_t> counters) {
  using server::Counter;
  std::uint64_t drops = 0;
  for (std::size_t i = 0; i < server::kDropReasonCount; ++i) {
    drops += counters[server::index_of(static_cast<server::DropReason>(i))];
  }
  return drops +
         sum_of(counters, {Counter::kFramesHandedOff, Counter::kFramesPunted, Counter::kFragments,
                           Counter::kRequestsParked, Counter::kRepliesSent,
                           Counter::kTransfersCompleted, Counter::kTransfersAborted,
                           Counter::kTransfersUnreachable, Counter::kPacketsTooBig,
                           Counter::kAcksDuplicate, Counter::kAcksFuture, Counter::kAcksSilent});
}

// What became of requests; to be equal to Counter::kRequests. Cisco's rule (abi/cisco_counters.h)
// is another one: a request whose transfer goes on is in progress there, and processed here.
inline std::uint64_t counted_requests(std::span<const std::uint64_t> counters) {
  using server::Counter;
  using server::DropReason;
  return sum_of(
             counters,
             {Counter::kRequestsProcessed, Counter::kRequestsNotFound, Counter::kRequestsMalformed,
              Counter::kRequestsMode, Counter::kRequestsOptions, Counter::kRequestsWrite,
              Counter::kRequestsComposed, Counter::kRequestsBusy, Counter::kRequestsRebuilding,
              Counter::kRequestsDenied, Counter::kParkedNow, Counter::kParkedRepeated,
              Counter::kParkedReplaced, Counter::kParkedExpired, Counter::kParkedDropped}) +
         sum_of(counters,
                {DropReason::kNoImage, DropReason::kSessionsExhausted, DropReason::kSourceRate,
                 DropReason::kPrefixRate, DropReason::kFirstPackets, DropReason::kUnanswered,
                 DropReason::kUnprovenBytes, DropReason::kStopping});
}

// And of those that waited; to be equal to Counter::kRequestsParked.
inline std::uint64_t counted_parked(std::span<const std::uint64_t> counters) {
  using server::Counter;
  return sum_of(counters, {Counter::kParkedNow, Counter::kParkedRepeated, Counter::kParkedReplaced,
                           Counter::kParkedServed, Counter::kParkedRefused, Counter::kParkedExpired,
                           Counter::kParkedDropped});
}

}  // namespace dialtone::test
