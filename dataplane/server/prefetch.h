// SPDX-License-Identifier: Apache-2.0
//
// Asks for the begin of a block of content and its sum, a stage before they are copied: the burst
// waits for memory once, not once a packet. A long block's rest comes by the CPU's own prefetching.
#pragma once

#include "dataplane/base/cacheline.h"
#include "dataplane/tftp/transfer.h"

#include <cstddef>
#include <cstdint>

namespace dialtone::server {

// May touch past the end of a short file: a prefetch never faults.
inline void prefetch_block(const std::byte* content, const std::uint16_t* sum) noexcept {
  for (std::size_t offset = 0; offset < tftp::kPlainBlockSize; offset += kCacheLine) {
    __builtin_prefetch(content + offset);
  }
  __builtin_prefetch(sum);
}

}  // namespace dialtone::server
