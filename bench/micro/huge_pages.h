// SPDX-License-Identifier: Apache-2.0
//
// Segments and indexes of some size lie on 2 MB pages in service; the heap does not unless it is
// asked. Cold.
#pragma once

#include "dataplane/base/cacheline.h"

#include <sys/mman.h>

#include <cstddef>
#include <cstdint>
#include <span>

namespace dialtone::bench {

// False: the kernel does not do it, and the bytes stay on ordinary pages.
inline bool move_to_huge_pages(std::span<std::byte> bytes) {
  constexpr std::size_t kHugePage = std::size_t{2} << 20;
  constexpr int kCollapse = 25;  // MADV_COLLAPSE; Debian 12's headers have no name for it
  const auto begin = align_up(reinterpret_cast<std::uintptr_t>(bytes.data()), kHugePage);
  const auto end = reinterpret_cast<std::uintptr_t>(bytes.data() + bytes.size()) & ~(kHugePage - 1);
  return end > begin && ::madvise(reinterpret_cast<void*>(begin), end - begin, kCollapse) == 0;
}

}  // namespace dialtone::bench
