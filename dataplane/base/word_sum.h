// SPDX-License-Identifier: Apache-2.0
//
// The sum of 16-bit words in memory order that the internet checksum is made of (RFC 1071), for
// those who store sums and those who send them. Pure; hot.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace dialtone {

// Unfolded; an odd last byte counts as if a zero followed it. At most 2^48 for 2^32 bytes.
std::uint64_t word_sum(std::span<const std::byte> bytes) noexcept;

// The same by the registers that every machine has, whatever this one has.
std::uint64_t word_sum_narrow(std::span<const std::byte> bytes) noexcept;

// End-around carry included: 0 of a sum that is 0, and else never 0.
constexpr std::uint16_t fold_word_sum(std::uint64_t sum) noexcept {
  sum = (sum & 0xffffffff) + (sum >> 32);
  sum = (sum & 0xffff) + (sum >> 16);
  sum = (sum & 0xffff) + (sum >> 16);
  sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<std::uint16_t>(sum);
}

}  // namespace dialtone
