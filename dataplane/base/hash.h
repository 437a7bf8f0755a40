// SPDX-License-Identifier: Apache-2.0
//
// A keyed 64-bit hash of short byte strings and the invertible mix behind it: multiply and fold,
// 2 to 6 ns for a 23-byte name. Keyed, because names and client addresses come from the network.
// It is not a cryptographic hash: a reader always compares the full key behind a match.
#pragma once

#include "dataplane/base/bytes.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace dialtone {

__extension__ using Uint128 = unsigned __int128;  // ISO C++ has none

constexpr std::uint64_t multiply_high(std::uint64_t a, std::uint64_t b) noexcept {
  return static_cast<std::uint64_t>((static_cast<Uint128>(a) * b) >> 64);
}

constexpr std::uint64_t fold_multiply(std::uint64_t a, std::uint64_t b) noexcept {
  const Uint128 product = static_cast<Uint128>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

// A bijection of 64-bit values chosen by `seed`: two different values never meet. The constants are
// those of the MurmurHash3 finaliser, which is public domain.
constexpr std::uint64_t mix64(std::uint64_t value, std::uint64_t seed) noexcept {
  value ^= seed;
  value ^= value >> 33;
  value *= 0xff51afd7ed558ccdULL;
  value ^= value >> 33;
  value *= 0xc4ceb9fe1a85ec53ULL;
  value ^= value >> 33;
  return value;
}

inline std::uint64_t keyed_hash(std::string_view bytes, std::uint64_t seed) noexcept {
  constexpr std::uint64_t kOdd = 0x9e3779b97f4a7c15ULL;  // 2^64 / golden ratio
  std::uint64_t state = seed ^ (bytes.size() * kOdd);
  std::size_t left = bytes.size();
  for (; left >= 8; left -= 8) {
    state = fold_multiply(state ^ word_at(bytes, bytes.size() - left), kOdd ^ (seed >> 7));
  }
  const std::uint64_t tail = word_at(bytes, bytes.size() - left);
  state = fold_multiply(state ^ tail, kOdd ^ (seed << 9));
  return mix64(state, seed);
}

}  // namespace dialtone
