// SPDX-License-Identifier: Apache-2.0
//
// An input of the target `sessions`, read step by step:
//   1 byte   SessionFlag
//   then steps: one byte, StepKind in its low half and the client above it; and what the step needs
#pragma once

#include "tests/fuzz/input.h"
#include "tests/fuzz/narrow_link.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace dialtone::fuzz {

enum SessionFlag : std::uint8_t {
  kRunsOut = 1,  // at the end everybody falls silent, and the timers have to end all of it
  kSinglePort = 2,
  kSmall = 4,  // two sessions for four clients, and few places to wait
  kLimits = 8,
  kAsks = 16,  // control, for names that are not there
  kBusy = 32,
  kNobodyListens = 64,
};

enum class StepKind : std::uint8_t {
  kRead,         // 1 byte: which file; 1 byte: which options
  kAckLast,      // the block that came last
  kAckNear,      // 1 byte: so many behind it, or before
  kAgain,        // what the client sent last
  kAbort,        // ends the transfer
  kStrangerAck,  // from another port, to the client's transfer
  kUnreachable,  // 1 byte: 0 for the right port
  kWait,         // 1 byte: 2^n ms
  kTimers,       // 1 byte: so many frames at most
  kPublish,      // 1 byte: a generation, or none
  kProcess,      // the burst ends
  kRequest,      // 1 byte length, and a packet to port 69
  kPacket,       // the same to the transfer's port
  kCopies,       // a second and the timers
  kControl,      // takes what it is asked for; 1 byte: the generation that it publishes then
  kTooBig,       // a router says it of what came last, or before: TooBigSaid in 3 bytes
};

inline constexpr std::size_t kClients = 4;

struct Step {
  StepKind kind = StepKind::kRead;
  std::size_t client = 0;
  std::uint8_t number = 0;  // of the kinds that have one
  std::string packet;       // of kRead, kRequest and kPacket
  TooBigSaid said;
  bool of_last = true;  // packet that came, not the one before
};
Step read_step(Input& input);

}  // namespace dialtone::fuzz
