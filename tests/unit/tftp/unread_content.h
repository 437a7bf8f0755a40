// SPDX-License-Identifier: Apache-2.0
//
// Content for arithmetic: addresses for a file of up to 8 GiB, and no byte that could be read.
#pragma once

#include <sys/mman.h>

#include <cstddef>

namespace dialtone::tftp {

inline const std::byte* unread_content() {
  static void* const room = mmap(nullptr, std::size_t{8} << 30, PROT_NONE,
                                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return room == MAP_FAILED ? nullptr : static_cast<const std::byte*>(room);
}

}  // namespace dialtone::tftp
