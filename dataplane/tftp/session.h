// SPDX-License-Identifier: Apache-2.0
//
// One transfer. The first cache line is all that an ACK reads and writes; the second is for its
// begin, its end and its retransmissions. Owned by a SessionTable; one worker.
#pragma once

#include "dataplane/abi/image_format.h"
#include "dataplane/base/cacheline.h"
#include "dataplane/base/tsc_clock.h"

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

struct alignas(kCacheLine) Session {
  ClientKey client = 0;     // 0: free
  Session* next = nullptr;  // in its bucket, or in the free list
  const std::byte* content = nullptr;
  const std::uint16_t* sums = nullptr;  // of each 512 bytes of content; null: none stored
  std::uint64_t length = 0;             // of the content
  std::uint64_t block = 0;              // sent last; 64 bits, so that a file may pass 65,535 blocks
  Ticks progress_at = 0;                // when `block` was sent first, or copied last
  std::uint8_t copies = 0;              // of `block`, beyond the first
  std::uint8_t reserved[3] = {};
  std::uint32_t repeated_at = 0;  // `block` when the request was repeated; 0: it was not

  // Second line.
  Session* timer_previous = nullptr;
  Session* timer_next = nullptr;
  Ticks checked_at = 0;  // when it was put at the tail of the timeout queue
  const abi::FileRecord* record = nullptr;
  std::uint16_t slot = 0;  // whose pin keeps content, sums and record mapped
  std::uint16_t server_port = 0;
  std::array<std::uint8_t, 6> link_address = {};  // where the request came from

  bool is_live() const noexcept { return client != 0; }
};
static_assert(offsetof(Session, timer_previous) == kCacheLine);
static_assert(sizeof(Session) == 2 * kCacheLine);

}  // namespace dialtone::tftp
