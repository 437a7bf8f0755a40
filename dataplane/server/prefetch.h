// SPDX-License-Identifier: Apache-2.0
//
// Asks for a block of content and its sum, a stage before they are copied: the burst waits for
// memory once, not once a packet.
#pragma once

#include "dataplane/base/cacheline.h"
#include "dataplane/tftp/transfer.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace dialtone::server {

// `left`: bytes of the file from `content` on. Not a line more: each one asked for waits its turn.
inline void prefetch_block(const std::byte* content, std::uint64_t left, const std::uint16_t* sum,
                           std::size_t size = tftp::kPlainBlockSize) noexcept {
  const std::size_t end = std::min<std::uint64_t>(size, left);
  for (std::size_t offset = 0; offset < end; offset += kCacheLine) {
    __builtin_prefetch(content + offset);
  }
  __builtin_prefetch(sum);
}

}  // namespace dialtone::server
