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
  bool udp_checksum_good = false;  // the port has verified it

  // Set with kReply and kReassemble, for a port that computes checksums or joins fragments.
  std::uint8_t l2_length = 0;  // Ethernet
  std::uint8_t l3_length = 0;  // IP, up to the payload or to the fragment
  std::uint8_t owner = 0;      // set with kHandOff: the worker
};

// What the caller has to do with a frame.
enum class Verdict : std::uint8_t {
  kDrop,        // free it; why is in the counters
  kReply,       // send it back where it came from
  kHandOff,     // give it to the worker `owner`, whose transfer it is
  kReassemble,  // a fragment for us: process the whole datagram when it is there
  kPunt,        // not for us: give it to the kernel
};

}  // namespace dialtone::server
