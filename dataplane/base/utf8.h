// SPDX-License-Identifier: Apache-2.0
//
// The one reading of UTF-8 (RFC 3629), and the one opinion on which characters a text of ours may
// have: what is stored and what is shown agree. Pure, any thread; no allocation.
#pragma once

#include <cstddef>
#include <string_view>

namespace dialtone {

struct CodePoint {
  char32_t value = 0;
  std::size_t bytes = 0;  // 0: no UTF-8 begins here
};

// The first code point of a text that is not empty. Overlong forms, surrogates, values above
// U+10FFFF and what is cut off are none; a reader goes on one byte further then.
inline CodePoint first_code_point(std::string_view text) noexcept {
  const auto byte = [&](std::size_t i) -> char32_t { return static_cast<unsigned char>(text[i]); };
  const auto continues = [&](std::size_t i) { return (byte(i) & 0xc0) == 0x80; };
  const char32_t lead = byte(0);
  if (lead < 0x80) {
    return {lead, 1};
  }
  if (lead < 0xe0) {
    if (lead < 0xc2 || text.size() < 2 || !continues(1)) {
      return {};
    }
    return {(lead & 0x1f) << 6 | (byte(1) & 0x3f), 2};
  }
  if (lead < 0xf0) {
    if (text.size() < 3 || !continues(1) || !continues(2)) {
      return {};
    }
    const char32_t value = (lead & 0xf) << 12 | (byte(1) & 0x3f) << 6 | (byte(2) & 0x3f);
    const bool is_surrogate = value >= 0xd800 && value <= 0xdfff;
    return value < 0x800 || is_surrogate ? CodePoint{} : CodePoint{value, 3};
  }
  if (lead > 0xf4 || text.size() < 4 || !continues(1) || !continues(2) || !continues(3)) {
    return {};
  }
  const char32_t value =
      (lead & 7) << 18 | (byte(1) & 0x3f) << 12 | (byte(2) & 0x3f) << 6 | (byte(3) & 0x3f);
  return value < 0x10000 || value > 0x10ffff ? CodePoint{} : CodePoint{value, 4};
}

// Two code points that XML cannot hold, though UTF-8 can (XML 1.0 s.2.2).
constexpr bool is_noncharacter(char32_t value) noexcept {
  return value == 0xfffe || value == 0xffff;
}

// What could move a cursor, end a line or turn its direction, and so make a text look like another
// one: controls (C0, DEL, C1), line and paragraph separators, embeddings, overrides and isolates of
// direction, noncharacters. Refused in what is stored, replaced in what is shown. The marks U+061C,
// U+200E and U+200F turn no more than a letter of their script does, and stay.
constexpr bool is_unsafe(char32_t value) noexcept {
  return value < 0x20 || (value >= 0x7f && value <= 0x9f) || (value >= 0x2028 && value <= 0x202e) ||
         (value >= 0x2066 && value <= 0x2069) || is_noncharacter(value);
}

}  // namespace dialtone
