// SPDX-License-Identifier: Apache-2.0
//
// One transfer. The first cache line is all that an ACK reads and writes; the second is for its
// begin, its end and its retransmissions. Owned by a SessionTable, which also gives the indexes;
// one worker. Times are the low 32 bits of Micros: what is compared lies minutes apart at most.
#pragma once

#include "dataplane/abi/image_format.h"
#include "dataplane/base/cacheline.h"
#include "dataplane/base/tsc_clock.h"
#include "dataplane/tftp/client.h"
#include "dataplane/tftp/options.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace dialtone::tftp {

enum class SessionFlag : std::uint8_t {
  kOackPending = 1,    // the OACK is not acknowledged: no DATA yet (RFC 2347)
  kRolloverToOne = 2,  // the block behind 65535 is 1, not 0
  kRepeated = 4,       // interrupted and interrupted_ahead count
  kNetascii = 8,       // the next two are for such a transfer alone (netascii.h)
  kWithinPair = 16,    // its block begins with the second byte of a pair
  kTextEnded = 32,     // the block that was sent last is the last
  kTooBig = 64,        // of any transfer: a link on the way carries less than its packets
  kUnproven = 128,     // of any transfer: counted as one for a source that has proven nothing
};

inline constexpr std::uint16_t kPlainBlockSize = 512;  // RFC 1350

using SessionIndex = std::uint32_t;
inline constexpr SessionIndex kNoSession = 0xffffffff;

struct alignas(kCacheLine) Session {
  ClientKey client;  // port 0: free
  const std::byte* content = nullptr;
  std::uint64_t length = 0;        // of the content
  SessionIndex next = kNoSession;  // in its bucket, or in the free list
  std::int32_t sums_at = 0;        // from content, in units of 2 bytes; 0: no sums are stored
  std::uint32_t acked = 0;         // block; more than 65,535 of them make a large file
  std::uint32_t progress_us = 0;   // of the last ACK that moved it, or the last copy
  std::uint16_t block_size = kPlainBlockSize;
  std::uint8_t window = 1;      // blocks that may be in flight
  std::uint8_t sent = 0;        // behind `acked`, since it moved or the window was sent again
  std::uint8_t highest = 0;     // behind `acked`, ever
  std::uint8_t copies = 0;      // of the window, or of the OACK, beyond the first
  std::uint8_t flags = 0;       // SessionFlag
  std::uint8_t steps_back = 0;  // that early ACKs have cost this window

  // Second line.
  const abi::FileRecord* record = nullptr;
  SessionIndex queue_previous = kNoSession;
  SessionIndex queue_next = kNoSession;
  std::uint32_t checked_us = 0;  // when it was put at the tail of its queue
  std::uint32_t timeout_us = 0;  // to the first copy
  std::uint32_t begun = 0;       // when the session began, in steps of kDurationStep
  union {
    std::uint32_t interrupted = 0;  // kRepeated: `acked` when the request was repeated
    std::uint32_t text_at;          // kNetascii: where in content the block that is sent begins
  };
  std::uint16_t text_size = 0;  // kNetascii: bytes of content that the block takes
  std::uint16_t resent = 0;     // DATA sent again, or 65,535
  std::uint16_t slot = 0;       // whose pin keeps content, sums and record mapped
  std::uint16_t server_port = 0;
  std::array<std::uint8_t, 6> link_address = {};  // where the request came from
  std::array<std::uint8_t, 8> vlan_tags = {};     // with which tags, as a frame has them; or zeros
  std::uint8_t queue = 0;                         // of SessionQueues
  std::uint8_t interrupted_ahead = 0;             // `highest` when the request was repeated
  AcceptedOptions options;                        // what the OACK says
  bool ends_within_pair = false;                  // kNetascii: as kWithinPair, of the block behind

  bool is_live() const noexcept { return client.port != 0; }
  bool has(SessionFlag flag) const noexcept { return (flags & static_cast<unsigned>(flag)) != 0; }
  void set(SessionFlag flag) noexcept { flags |= static_cast<std::uint8_t>(flag); }
  void clear(SessionFlag flag) noexcept { flags &= static_cast<std::uint8_t>(~unsigned(flag)); }

  // A uint16_t for each 512 bytes of content, in the same segment; null: none stored.
  const std::uint16_t* sums() const noexcept {
    return sums_at == 0
               ? nullptr
               : reinterpret_cast<const std::uint16_t*>(content + std::int64_t{sums_at} * 2);
  }
  void set_sums(const std::uint16_t* sums) noexcept {
    sums_at =
        sums == nullptr
            ? 0
            : static_cast<std::int32_t>((reinterpret_cast<const std::byte*>(sums) - content) / 2);
  }
};
static_assert(offsetof(Session, record) == kCacheLine);
static_assert(sizeof(Session) == 2 * kCacheLine);
static_assert(abi::kMaxSegmentBytes / 2 - 1 <= INT32_MAX, "sums_at spans a segment");

constexpr std::uint32_t elapsed_us(std::uint32_t since, Micros now) noexcept {
  return static_cast<std::uint32_t>(now) - since;
}

// Of a whole transfer: modulo 19 hours.
inline constexpr unsigned kDurationStep = 16;  // us

constexpr std::uint32_t duration_steps(Micros now) noexcept {
  return static_cast<std::uint32_t>(now / kDurationStep);
}
constexpr std::uint64_t duration_us(const Session& session, Micros now) noexcept {
  return std::uint64_t{duration_steps(now) - session.begun} * kDurationStep;
}

}  // namespace dialtone::tftp
