// SPDX-License-Identifier: Apache-2.0
//
// The sender's state machine: an event and a time in, what to do out. RFC 1350 is a window of one
// block of 512 bytes; RFC 2348 makes the block larger, RFC 7440 the window. Pure functions on a
// Session; hot.
#pragma once

#include "dataplane/tftp/netascii.h"
#include "dataplane/tftp/session.h"

#include <algorithm>
#include <cstdint>
#include <span>

namespace dialtone::tftp {

static_assert(kPlainBlockSize == abi::kSumUnit, "a stored sum covers one plain block");

enum class AckOutcome : std::uint8_t {
  kAdvanced,   // send what the window allows
  kFinished,   // the last block has arrived; the session may go
  kDuplicate,  // of an earlier block: send nothing (RFC 1123 4.2.3.1, Sorcerer's Apprentice)
  kFuture,     // of a block never sent: send nothing
};

// One block as it goes out.
struct Block {
  std::uint16_t number;
  std::span<const std::byte> content;
  std::span<const std::uint16_t> sums;  // of all of it; empty: sum the content yourself
};

// A block shorter than the others ends a transfer, so an exact multiple has an empty last one.
inline bool is_last(const Session& session, std::uint64_t block) noexcept {
  if (session.has(SessionFlag::kNetascii)) [[unlikely]] {
    return session.has(SessionFlag::kTextEnded) &&
           block == std::uint64_t{session.acked} + session.highest;
  }
  return block * session.block_size > session.length;
}

// Numbers have 16 bits. Behind 65535 comes 0, or 1 where that was agreed.
inline std::uint16_t number_of(const Session& session, std::uint64_t block) noexcept {
  if (session.has(SessionFlag::kRolloverToOne) && block != 0) [[unlikely]] {
    return static_cast<std::uint16_t>((block - 1) % 65535 + 1);
  }
  return static_cast<std::uint16_t>(block);
}

// The client has sent something behind its request: it is no victim of a forged one, unless the
// forger has guessed the port as well.
inline bool has_answered(const Session& session) noexcept {
  return session.acked != 0 || (session.options.any() && !session.has(SessionFlag::kOackPending));
}

// Begins to send from block 1 on.
inline void begin(Session& session, Micros now) noexcept {
  session.acked = 0;
  session.sent = 0;
  session.highest = 0;
  session.copies = 0;
  session.steps_back = 0;
  session.progress_us = static_cast<std::uint32_t>(now);
  session.clear(SessionFlag::kRepeated);
}

// The request came again: it begins once more, but an ACK out of the window that it interrupted is
// good as well, since the client may know of no repetition. Who has never answered gets no further
// copies for asking.
inline void begin_again(Session& session, Micros now) noexcept {
  const std::uint8_t copies = has_answered(session) ? 0 : session.copies;
  const bool keep = session.has(SessionFlag::kRepeated) &&
                    std::uint64_t{session.interrupted} + session.interrupted_ahead >
                        session.acked + session.highest;
  const std::uint32_t acked = keep ? session.interrupted : session.acked;
  const std::uint8_t ahead = keep ? session.interrupted_ahead : session.highest;
  begin(session, now);
  session.copies = copies;
  if ((acked != 0 || ahead != 0) && !session.has(SessionFlag::kNetascii)) {
    session.interrupted = acked;
    session.interrupted_ahead = ahead;
    session.set(SessionFlag::kRepeated);
  }
}

// Goes on where a repeated request has interrupted it, when `number` is of that window, or of the
// block before it. Cold.
inline bool resume_interrupted(Session& session, std::uint16_t number) noexcept {
  if (!session.has(SessionFlag::kRepeated)) {
    return false;
  }
  for (std::uint32_t ahead = 0; ahead <= session.interrupted_ahead; ++ahead) {
    const std::uint32_t block = session.interrupted + ahead;
    if (number_of(session, block) == number) {
      session.acked = block;
      session.highest = static_cast<std::uint8_t>(session.interrupted_ahead - ahead);
      session.clear(SessionFlag::kRepeated);
      return true;
    }
  }
  return false;
}

// How far `number` lies behind the highest block that was sent, in the numbers there are.
inline std::uint32_t distance_behind(const Session& session, std::uint16_t number) noexcept {
  const std::uint32_t sent = session.acked + session.highest;
  const std::uint16_t highest = number_of(session, sent);
  if (session.has(SessionFlag::kRolloverToOne) && highest != 0) [[unlikely]] {
    constexpr std::uint32_t kLongAgo = 0x7fff;  // 0 is only the number before the first
    return number == 0        ? std::min(sent, kLongAgo)
           : highest < number ? highest + 65535u - number
                              : highest - number;
  }
  return static_cast<std::uint16_t>(highest - number);
}

// Every early ACK costs a window again: a client that sends one for each block gets no more than so
// many for it.
inline constexpr std::uint8_t kMaxStepsBack = 4;

// RFC 7440 section 4: the next window begins behind the block that is acknowledged, wherever in the
// window it lies.
inline void follow_ack(Session& session, std::uint32_t behind) noexcept {
  session.acked += session.highest - behind;
  session.highest = static_cast<std::uint8_t>(behind);
  session.sent = 0;
  if (behind == 0) {
    session.steps_back = 0;
  } else if (session.steps_back < kMaxStepsBack) {
    ++session.steps_back;
  } else {
    session.sent = session.highest;
  }
}

// Only an ACK of a block that none acknowledged before moves anything.
inline AckOutcome on_ack(Session& session, std::uint16_t number, Micros now) noexcept {
  const std::uint32_t behind = distance_behind(session, number);
  if (behind < session.highest) {
    follow_ack(session, behind);
    if (session.has(SessionFlag::kNetascii)) [[unlikely]] {
      advance_text(session);
    }
  } else if (session.has(SessionFlag::kOackPending)) [[unlikely]] {
    // ACK 0 is due (RFC 2347), or an ACK of what a late copy of the request has interrupted.
    if (behind != 0 && !resume_interrupted(session, number)) {
      return AckOutcome::kFuture;
    }
    session.clear(SessionFlag::kOackPending);
    session.sent = 0;
  } else if (behind <= session.acked + session.highest && behind < 0x8000) {
    return AckOutcome::kDuplicate;
  } else if (resume_interrupted(session, number)) {
    session.sent = 0;
  } else {
    return AckOutcome::kFuture;
  }
  if (session.acked != 0 && is_last(session, session.acked)) {
    return AckOutcome::kFinished;
  }
  session.progress_us = static_cast<std::uint32_t>(now);
  session.copies = 0;
  return AckOutcome::kAdvanced;
}

// The timeout passed: the OACK, or the window, is sent once more.
inline void on_timeout(Session& session, Micros now) noexcept {
  session.progress_us = static_cast<std::uint32_t>(now);
  session.sent = 0;
  session.steps_back = 0;
  ++session.copies;
}

// The timeout passed, and nothing may go out for it.
inline void skip_copy(Session& session, Micros now) noexcept {
  session.progress_us = static_cast<std::uint32_t>(now);
  ++session.copies;
}

inline bool may_send(const Session& session) noexcept {
  const std::uint32_t last_sent = session.acked + session.sent;
  return session.sent < session.window && !session.has(SessionFlag::kOackPending) &&
         (last_sent == 0 || !is_last(session, last_sent));
}

inline Block block_at(const Session& session, std::uint64_t block) noexcept {
  const std::uint64_t offset = (block - 1) * session.block_size;
  const std::uint64_t size = std::min<std::uint64_t>(session.length - offset, session.block_size);
  std::span<const std::uint16_t> sums;
  if (session.sums_at != 0 && session.block_size % abi::kSumUnit == 0) {
    sums = {session.sums() + offset / abi::kSumUnit, (size + abi::kSumUnit - 1) / abi::kSumUnit};
  }
  return {number_of(session, block), {session.content + offset, size}, sums};
}

// The block that goes out next; may_send() must be true, or nothing of it counts.
inline Block next_block(const Session& session) noexcept {
  return block_at(session, session.acked + session.sent + 1);
}

inline void on_sent(Session& session) noexcept {
  ++session.sent;
  session.highest = std::max(session.highest, session.sent);
}

}  // namespace dialtone::tftp
