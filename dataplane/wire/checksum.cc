// SPDX-License-Identifier: Apache-2.0
#include "dataplane/wire/checksum.h"

#include <cstring>

namespace dialtone::wire {

std::uint64_t sum_bytes(std::span<const std::byte> bytes) noexcept {
  const std::byte* cursor = bytes.data();
  std::size_t left = bytes.size();
  // 32-bit words in 64-bit sums: no carry is lost below 2^32 words, and compilers vectorise it.
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  while (left >= 8) {
    std::uint64_t word;
    std::memcpy(&word, cursor, 8);
    low += word & 0xffffffff;
    high += word >> 32;
    cursor += 8;
    left -= 8;
  }
  if (left >= 4) {
    std::uint32_t word;
    std::memcpy(&word, cursor, 4);
    low += word;
    cursor += 4;
    left -= 4;
  }
  if (left >= 2) {
    std::uint16_t word;
    std::memcpy(&word, cursor, 2);
    low += word;
    cursor += 2;
    left -= 2;
  }
  if (left == 1) {
    low += static_cast<std::uint8_t>(*cursor);
  }
  return low + high;
}

}  // namespace dialtone::wire
