// SPDX-License-Identifier: Apache-2.0
//
// One transfer. The first cache line is all that an ACK reads and writes; the second is for its
// begin, its end and its retransmissions. Owned by a SessionTable; one worker.
#pragma once

#include "dataplane/abi/image_format.h"
#include "dataplane/base/cacheline.h"
#include "dataplane/base/tsc_clock.h"
#include "dataplane/tftp/options.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace dialtone::tftp {

// A client's address (host order) and port in one value. Never 0: a source port of 0 is dropped
// before.
using ClientKey = std::uint64_t;

constexpr ClientKey client_key(std::uint32_t address, std::uint16_t port) noexcept {
  return std::uint64_t{address} << 16 | port;
}
constexpr std::uint32_t client_address(ClientKey key) noexcept {
  return static_cast<std::uint32_t>(key >> 16);
}
constexpr std::uint16_t client_port(ClientKey key) noexcept {
  return static_cast<std::uint16_t>(key);
}

enum class SessionFlag : std::uint8_t {
  kOackPending = 1,    // the OACK is not acknowledged: no DATA yet (RFC 2347)
  kRolloverToOne = 2,  // the block behind 65535 is 1, not 0
  kRepeated = 4,       // interrupted and interrupted_ahead count
};

inline constexpr std::uint16_t kPlainBlockSize = 512;  // RFC 1350

struct alignas(kCacheLine) Session {
  ClientKey client = 0;     // 0: free
  Session* next = nullptr;  // in its bucket, or in the free list
  const std::byte* content = nullptr;
  const std::uint16_t* sums = nullptr;  // of each 512 bytes of content; null: none stored
  std::uint64_t length = 0;             // of the content
  std::uint64_t acked = 0;              // block; 64 bits, so that a file may pass 65,535 blocks
  Ticks progress_at = 0;                // of the last ACK that moved it, or the last copy
  std::uint16_t block_size = kPlainBlockSize;
  std::uint8_t window = 1;      // blocks that may be in flight
  std::uint8_t sent = 0;        // behind `acked`, since it moved or the window was sent again
  std::uint8_t highest = 0;     // behind `acked`, ever
  std::uint8_t copies = 0;      // of the window, or of the OACK, beyond the first
  std::uint8_t flags = 0;       // SessionFlag
  std::uint8_t steps_back = 0;  // that early ACKs have cost this window

  // Second line.
  Session* queue_previous = nullptr;
  Session* queue_next = nullptr;
  Ticks checked_at = 0;  // when it was put at the tail of its queue
  const abi::FileRecord* record = nullptr;
  std::uint32_t timeout_us = 0;   // to the first copy
  std::uint32_t interrupted = 0;  // `acked` when the request was repeated
  std::uint16_t slot = 0;         // whose pin keeps content, sums and record mapped
  std::uint16_t server_port = 0;
  std::array<std::uint8_t, 6> link_address = {};  // where the request came from
  std::uint8_t queue = 0;                         // of SessionQueues
  std::uint8_t interrupted_ahead = 0;             // `highest` when the request was repeated
  AcceptedOptions options;                        // what the OACK says

  bool is_live() const noexcept { return client != 0; }
  bool has(SessionFlag flag) const noexcept { return (flags & static_cast<unsigned>(flag)) != 0; }
  void set(SessionFlag flag) noexcept { flags |= static_cast<std::uint8_t>(flag); }
  void clear(SessionFlag flag) noexcept { flags &= static_cast<std::uint8_t>(~unsigned(flag)); }
};
static_assert(offsetof(Session, queue_previous) == kCacheLine);
static_assert(sizeof(Session) == 2 * kCacheLine);

}  // namespace dialtone::tftp
