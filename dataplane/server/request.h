// SPDX-License-Identifier: Apache-2.0
//
// Port 69: read requests become sessions, all else an ERROR or a drop. One function for each stage
// of the burst. Hot; no allocation.
#pragma once

#include "dataplane/abi/canonical_name.h"
#include "dataplane/abi/live_image.h"
#include "dataplane/server/worker_state.h"

namespace dialtone::server {

// Stage 1: opcode, name and key; prefetches the index lines. May turn the packet into a drop.
void parse_request(const abi::LiveImage* image, Packet& packet, abi::CanonicalName& name) noexcept;

// Stage 2: finds the name's entry; prefetches the file's record.
void find_entry(const abi::LiveImage* image, Packet& packet,
                const abi::CanonicalName& name) noexcept;

// And, when that is done for the burst: reads the record, prefetches the first block.
void find_file(const abi::LiveImage* image, Packet& packet) noexcept;

// Stage 3.
Verdict answer_request(WorkerState& worker, const abi::LiveImage* image, const Packet& packet,
                       Frame& frame, Micros now) noexcept;

// The same for a request that has waited: `packet` has its peer, TID, hash and payload. `admitted`:
// its file was there when it came, so it was asked about first packets then, and is not any more.
enum class ParkedAnswer : std::uint8_t {
  kServed,     // with its first DATA or OACK in `frame`
  kRefused,    // with an ERROR
  kNoSession,  // none is free yet; it is admitted, and nothing else has changed
  kDropped,    // it is not admitted, and nothing goes out
};
ParkedAnswer answer_parked_request(WorkerState& worker, const abi::LiveImage& image, Packet& packet,
                                   bool admitted, Frame& frame, Micros now) noexcept;

}  // namespace dialtone::server
