// SPDX-License-Identifier: Apache-2.0
//
// The size of a cache line, fixed by hand: Clang 14 has no
// std::hardware_destructive_interference_size, and the image layout depends on it.
#pragma once

#include <cstddef>
#include <cstdint>

namespace dialtone {

inline constexpr std::size_t kCacheLine = 64;

// Rounds `value` up to a multiple of `alignment`, a power of two.
constexpr std::uint64_t align_up(std::uint64_t value, std::uint64_t alignment) noexcept {
  return (value + alignment - 1) & ~(alignment - 1);
}

}  // namespace dialtone
