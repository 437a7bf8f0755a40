// SPDX-License-Identifier: Apache-2.0
//
// How many bytes of free huge pages the kernel has, of any size. Cold.
#pragma once

#include <cstdint>

namespace dialtone::io {

std::uint64_t free_hugepage_bytes();

}  // namespace dialtone::io
