// SPDX-License-Identifier: Apache-2.0
//
// Asks for a block of content and its sum, a stage before they are copied: the burst waits for
// memory once, not once a packet.
#pragma once

#include "dataplane/base/cacheline.h"
#include "dataplane/tftp/transfer.h"

#include <cstddef>
#include <cstdint>

namespace dialtone::server {

// May touch past the end of a short file: a prefetch never faults.
inline void prefetch_block(const std::byte* content, const std::uint16_t* sum,
                           std::size_t size = tftp::kPlainBlockSize) noexcept {
  for (std::size_t offset = 0; offset < size; offset += kCacheLine) {
    __builtin_prefetch(content + offset);
  }
  __builtin_prefetch(sum);
}

}  // namespace dialtone::server
