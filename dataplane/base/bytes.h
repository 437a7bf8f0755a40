// SPDX-License-Identifier: Apache-2.0
//
// Network-order loads and stores at any alignment. Wire structs hold only bytes and these types, so
// that a field cannot be read in the wrong order. And text in words of eight bytes.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace dialtone {

static_assert(std::endian::native == std::endian::little, "images and wire code assume x86-64");

constexpr std::uint16_t swap16(std::uint16_t value) noexcept {
  return __builtin_bswap16(value);
}
constexpr std::uint32_t swap32(std::uint32_t value) noexcept {
  return __builtin_bswap32(value);
}

// A big-endian integer as it stands in a packet: no alignment, no padding.
struct NetU16 {
  std::uint8_t bytes[2];

  constexpr std::uint16_t host() const noexcept {
    return static_cast<std::uint16_t>(bytes[0] << 8 | bytes[1]);
  }
  constexpr void set(std::uint16_t value) noexcept {
    bytes[0] = static_cast<std::uint8_t>(value >> 8);
    bytes[1] = static_cast<std::uint8_t>(value);
  }
  // The two bytes as they are, for copies and checksums.
  std::uint16_t raw() const noexcept {
    std::uint16_t value;
    std::memcpy(&value, bytes, sizeof(value));
    return value;
  }
  void set_raw(std::uint16_t value) noexcept { std::memcpy(bytes, &value, sizeof(value)); }
};

struct NetU32 {
  std::uint8_t bytes[4];

  std::uint32_t host() const noexcept { return swap32(raw()); }
  void set(std::uint32_t value) noexcept { set_raw(swap32(value)); }
  std::uint32_t raw() const noexcept {
    std::uint32_t value;
    std::memcpy(&value, bytes, sizeof(value));
    return value;
  }
  void set_raw(std::uint32_t value) noexcept { std::memcpy(bytes, &value, sizeof(value)); }
};

// Eight bytes of `text` from `at` on, the first in the lowest place; zeros behind its end. One
// read: a word that is put together in memory is read back only when its stores are done.
inline std::uint64_t word_at(std::string_view text, std::size_t at) noexcept {
  constexpr std::size_t kWord = sizeof(std::uint64_t);
  if (at >= text.size()) {
    return 0;
  }
  const std::size_t left = text.size() - at;
  std::uint64_t word = 0;
  if (left >= kWord) {
    std::memcpy(&word, text.data() + at, kWord);
  } else if (text.size() >= kWord) {
    std::memcpy(&word, text.data() + text.size() - kWord, kWord);
    word >>= 8 * (kWord - left);
  } else {
    std::memcpy(&word, text.data() + at, left);
  }
  return word;
}

static_assert(sizeof(NetU16) == 2 && alignof(NetU16) == 1);
static_assert(sizeof(NetU32) == 4 && alignof(NetU32) == 1);

}  // namespace dialtone
