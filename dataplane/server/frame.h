// SPDX-License-Identifier: Apache-2.0
//
// A frame as the responder sees it: memory that the caller owns (an mbuf, a buffer of a test).
#pragma once

#include <cstddef>
#include <cstdint>

namespace dialtone::server {

// Frames that one call takes at most; also the bound of retransmissions a call.
inline constexpr std::size_t kMaxBurst = 32;

// From the Ethernet header on, without the frame check sequence. A reply is written over the
// request, and `length` becomes the reply's: `capacity` is at least wire::kMaxFrame.
struct Frame {
  std::byte* data;
  std::uint16_t length;
  std::uint16_t capacity;
};

enum class Verdict : std::uint8_t {
  kDrop,   // free it; why is in the counters
  kReply,  // send it back where it came from
};

}  // namespace dialtone::server
