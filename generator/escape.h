// SPDX-License-Identifier: Apache-2.0
//
// Texts into XML, fit for element content and for attribute values alike: & < > " ' and tab, line
// feed, carriage return become references, so that a parser gives the text back as it was. What XML
// 1.0 cannot hold (other control bytes, broken UTF-8, surrogates, U+FFFE, U+FFFF) becomes U+FFFD,
// so that no row can make a file ill-formed. Hot: no allocation; the caller has room for
// kMaxExpansion * size + kCopySlack bytes.
#pragma once

#include <tmmintrin.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace dialtone::generator {

inline constexpr std::size_t kMaxExpansion = 6;  // "&quot;"
inline constexpr std::size_t kCopySlack = 32;  // copies may write, and literals be read, so far on

// Byte by byte, with references and replacements; returns the end of what was written.
char* escape_slow(char* out, std::string_view text) noexcept;

std::string escaped(std::string_view text);

// True if one of the 16 bytes needs escape_slow(): a control byte, & < > " ', or not ASCII.
inline bool needs_escape(__m128i bytes) noexcept {
  // The five special characters differ in their low nibble, so one shuffle looks up the only one
  // that each byte could be. A byte >= 0x80 looks up 0 and is caught, as negative, by the compare.
  const __m128i special = _mm_setr_epi8(1, 0, '"', 0, 0, 0, '&', '\'', 0, 0, 0, 0, '<', 0, '>', 0);
  const __m128i equal = _mm_cmpeq_epi8(_mm_shuffle_epi8(special, bytes), bytes);
  const __m128i below = _mm_cmplt_epi8(bytes, _mm_set1_epi8(0x20));
  return _mm_movemask_epi8(_mm_or_si128(equal, below)) != 0;
}

// The first and the last bytes of a text of 1..15 bytes, which together are all of it, in one
// register; what is written is at most 16 bytes. Reads nothing outside of the text.
inline __m128i load_short(const char* text, std::size_t size, char* out) noexcept {
  if (size >= 8) {
    std::uint64_t head;
    std::uint64_t tail;
    std::memcpy(&head, text, 8);
    std::memcpy(&tail, text + size - 8, 8);
    std::memcpy(out, &head, 8);
    std::memcpy(out + size - 8, &tail, 8);
    return _mm_set_epi64x(static_cast<long long>(tail), static_cast<long long>(head));
  }
  if (size >= 4) {
    std::uint32_t head;
    std::uint32_t tail;
    std::memcpy(&head, text, 4);
    std::memcpy(&tail, text + size - 4, 4);
    std::memcpy(out, &head, 4);
    std::memcpy(out + size - 4, &tail, 4);
    const long long both = static_cast<long long>(head | static_cast<std::uint64_t>(tail) << 32);
    return _mm_set1_epi64x(both);
  }
  const char first = text[0];
  const char middle = text[size / 2];
  const char last = text[size - 1];
  out[0] = first;
  out[size / 2] = middle;
  out[size - 1] = last;
  __m128i bytes = _mm_set1_epi8(first);
  bytes = _mm_insert_epi16(bytes, static_cast<unsigned char>(middle) | 0x20 << 8, 1);
  return _mm_insert_epi16(bytes, static_cast<unsigned char>(last) | 0x20 << 8, 2);
}

// Writes `text` escaped; returns the end of what was written.
inline char* escape_to(char* out, std::string_view text) noexcept {
  const char* from = text.data();
  const std::size_t size = text.size();
  if (size < 16) {
    if (size == 0) {
      return out;
    }
    return needs_escape(load_short(from, size, out)) ? escape_slow(out, text) : out + size;
  }
  std::size_t i = 0;
  do {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from + i));
    if (needs_escape(bytes)) {
      return escape_slow(out + i, text.substr(i));
    }
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out + i), bytes);
    i += 16;
  } while (i + 16 <= size);
  if (i < size) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from + size - 16));
    // Bytes before i were looked at and are harmless.
    if (needs_escape(bytes)) {
      return escape_slow(out + i, text.substr(i));
    }
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out + size - 16), bytes);
  }
  return out + size;
}

// Writes `text` as it is.
inline char* copy_to(char* out, std::string_view text) noexcept {
  const std::size_t size = text.size();
  if (size - 1 < 15) {
    load_short(text.data(), size, out);
  } else {
    std::memcpy(out, text.data(), size);
  }
  return out + size;
}

// Copies a literal in steps of 16 bytes: reads and writes up to 15 bytes beyond it.
inline char* copy_literal(char* out, const char* literal, std::size_t size) noexcept {
  for (std::size_t i = 0; i < size; i += 16) {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out + i),
                     _mm_loadu_si128(reinterpret_cast<const __m128i*>(literal + i)));
  }
  return out + size;
}

}  // namespace dialtone::generator
