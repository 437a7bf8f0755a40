// SPDX-License-Identifier: Apache-2.0
//
// The sender's state machine of RFC 1350: an event and a time in, what to do out. Lock-step,
// 512-byte blocks. Pure functions on a Session; hot.
#pragma once

#include "dataplane/tftp/session.h"

#include <algorithm>
#include <cstdint>
#include <span>

namespace dialtone::tftp {

inline constexpr std::uint32_t kBlockSize = 512;
static_assert(kBlockSize == abi::kSumUnit, "a stored sum covers one block");

enum class AckOutcome : std::uint8_t {
  kAdvanced,   // send the next block
  kFinished,   // the last block has arrived; the session may go
  kDuplicate,  // of an earlier block: send nothing (RFC 1123 4.2.3.1, Sorcerer's Apprentice)
  kFuture,     // of a block never sent: send nothing
};

// One block as it goes out.
struct Block {
  std::uint16_t number;  // modulo 65536
  std::span<const std::byte> content;
  const std::uint16_t* sum;  // null: sum the content yourself
};

// A block shorter than 512 bytes ends a transfer, so an exact multiple has an empty last one.
constexpr std::uint64_t last_block(std::uint64_t length) noexcept {
  return length / kBlockSize + 1;
}

inline void begin(Session& session, Ticks now) noexcept {
  session.block = 1;
  session.progress_at = now;
  session.copies = 0;
  session.repeated_at = 0;
}

// The request came again: block 1 is sent once more, but an ACK of the block that it interrupted is
// good as well, since the client may know of no repetition.
inline void begin_again(Session& session, Ticks now) noexcept {
  const auto interrupted = std::max(session.repeated_at, static_cast<std::uint32_t>(session.block));
  begin(session, now);
  session.repeated_at = interrupted;
}

inline AckOutcome on_ack(Session& session, std::uint16_t number, Ticks now) noexcept {
  const auto behind = static_cast<std::uint16_t>(session.block - number);
  if (behind != 0) {
    if (behind < 0x8000) {
      return AckOutcome::kDuplicate;
    }
    const std::uint64_t acknowledged = session.block + (0x10000u - behind);
    if (acknowledged != session.repeated_at) {
      return AckOutcome::kFuture;
    }
    session.block = acknowledged;  // the repeated request was only a late copy
  }
  if (session.block >= last_block(session.length)) {
    return AckOutcome::kFinished;
  }
  ++session.block;
  session.progress_at = now;
  session.copies = 0;
  return AckOutcome::kAdvanced;
}

// The timeout passed: notes one more copy of the current block.
inline void on_timeout(Session& session, Ticks now) noexcept {
  session.progress_at = now;
  ++session.copies;
}

inline Block block_at(const Session& session, std::uint64_t block) noexcept {
  const std::uint64_t offset = (block - 1) * kBlockSize;
  const std::uint64_t size = std::min<std::uint64_t>(session.length - offset, kBlockSize);
  return {static_cast<std::uint16_t>(block),
          {session.content + offset, size},
          session.sums == nullptr || size == 0 ? nullptr : session.sums + (block - 1)};
}

inline Block current_block(const Session& session) noexcept {
  return block_at(session, session.block);
}

}  // namespace dialtone::tftp
