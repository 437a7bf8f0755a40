// SPDX-License-Identifier: Apache-2.0
#include "dataplane/base/utf8.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>

namespace dialtone {
namespace {

using Points = std::initializer_list<char32_t>;

// RFC 3629 s.3, from its table and by nothing of ours.
std::string encoded(char32_t value) {
  const auto byte = [](char32_t bits) { return std::string(1, static_cast<char>(bits)); };
  const auto tail = [&](int shift) { return byte(0x80 | (value >> shift & 0x3f)); };
  if (value < 0x80) {
    return byte(value);
  }
  if (value < 0x800) {
    return byte(0xc0 | value >> 6) + tail(0);
  }
  if (value < 0x10000) {
    return byte(0xe0 | value >> 12) + tail(6) + tail(0);
  }
  return byte(0xf0 | value >> 18) + tail(12) + tail(6) + tail(0);
}

TEST(Utf8, EveryCodePointIsReadAndNothingElse) {
  for (char32_t value = 0; value <= 0x1fffff; ++value) {
    const std::string text = encoded(value);
    const CodePoint point = first_code_point(text + "x");
    const bool is_good = value <= 0x10ffff && (value < 0xd800 || value > 0xdfff);
    ASSERT_EQ(point.bytes, is_good ? text.size() : 0) << std::hex << std::uint32_t{value};
    ASSERT_EQ(point.value, is_good ? value : 0) << std::hex << std::uint32_t{value};
  }
}

TEST(Utf8, OverlongFormsAreNone) {
  for (const char* text :
       {"\xc0\x80", "\xc0\xaf", "\xc1\xbf", "\xe0\x80\xaf", "\xe0\x9f\xbf", "\xf0\x80\x80\xaf",
        "\xf0\x8f\xbf\xbf", "\xf8\x88\x80\x80\x80", "\xff"}) {
    EXPECT_EQ(first_code_point(text).bytes, 0u) << text;
  }
}

TEST(Utf8, WhatIsCutOffOrGoesOnWithAnotherByteIsNone) {
  for (const char32_t value : Points{0x80, 0x7ff, 0x800, 0xfffd, 0x10000, 0x10ffff}) {
    const std::string text = encoded(value);
    for (std::size_t size = 1; size < text.size(); ++size) {
      EXPECT_EQ(first_code_point(text.substr(0, size)).bytes, 0u) << size;
      for (const char other : {'a', '\0', '\x7f', '\xc3', '\xff'}) {
        std::string broken = text;
        broken[size] = other;
        EXPECT_EQ(first_code_point(broken).bytes, 0u) << size;
      }
    }
    EXPECT_EQ(first_code_point(text.substr(1)).bytes, 0u);  // a lone continuation
  }
}

TEST(Utf8, UnsafeIsWhatMovesEndsOrTurnsALine) {
  for (const char32_t value : Points{0x0, 0x9, 0xa, 0x1b, 0x1f, 0x7f, 0x80, 0x9b, 0x9f, 0x2028,
                                     0x2029, 0x202a, 0x202e, 0x2066, 0x2069, 0xfffe, 0xffff}) {
    EXPECT_TRUE(is_unsafe(value)) << std::hex << std::uint32_t{value};
  }
  for (const char32_t value : Points{0x20, 0x7e, 0xa0, 0xe9, 0x5e9, 0x61c, 0x200b, 0x200e, 0x200f,
                                     0x2027, 0x202f, 0x2065, 0x206a, 0xfffd, 0x10000, 0x1f4de}) {
    EXPECT_FALSE(is_unsafe(value)) << std::hex << std::uint32_t{value};
  }
}

}  // namespace
}  // namespace dialtone
