// SPDX-License-Identifier: Apache-2.0
//
// Where a byte of a text is, as a person counts: lines and characters from 1. A file of a thousand
// faults is asked a thousand times, in any order, so what was counted is kept. One thread; the text
// must outlive it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace dialtone::importing {

// As in a Diagnostic; 0: not known.
struct TextPlace {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

class TextPlaces {
 public:
  // A byte order mark is no character of it.
  explicit TextPlaces(std::string_view text);

  // Of the character at `offset`; behind the end, of the end.
  TextPlace of(std::size_t offset);

 private:
  static constexpr std::size_t kStep = 64 * 1024;  // bytes that one answer counts at the most

  TextPlace advance(TextPlace from, std::size_t begin, std::size_t end) const noexcept;

  std::string_view text_;
  std::size_t first_;             // byte that counts
  std::vector<TextPlace> marks_;  // of every kStep-th byte
};

}  // namespace dialtone::importing
