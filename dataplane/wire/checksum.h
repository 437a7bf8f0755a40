// SPDX-License-Identifier: Apache-2.0
//
// The internet checksum (RFC 1071) of 16-bit words in memory order, so that no byte is swapped and
// the sums that an image stores add straight in. A sum is kept wide and folded once, at the end.
// Pure functions; hot.
#pragma once

#include "dataplane/base/word_sum.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace dialtone::wire {

// The ones-complement sum of `bytes`, unfolded; an odd last byte counts as if a zero followed it.
// Sums of pieces may be added when every piece but the last has an even length.
inline std::uint64_t sum_bytes(std::span<const std::byte> bytes) noexcept {
  return word_sum(bytes);
}

// Folds a sum to 16 bits, end-around carry included.
constexpr std::uint16_t fold(std::uint64_t sum) noexcept {
  return fold_word_sum(sum);
}

// The value of a checksum field over data of this sum.
constexpr std::uint16_t finish(std::uint64_t sum) noexcept {
  return static_cast<std::uint16_t>(~fold(sum));
}

// The same for UDP, where a field of zero says "no checksum" (RFC 768).
constexpr std::uint16_t finish_udp(std::uint64_t sum) noexcept {
  const std::uint16_t field = finish(sum);
  return field == 0 ? std::uint16_t{0xffff} : field;
}

// True when data that includes its checksum field has this sum.
constexpr bool is_valid(std::uint64_t sum) noexcept {
  return fold(sum) == 0xffff;
}

}  // namespace dialtone::wire
