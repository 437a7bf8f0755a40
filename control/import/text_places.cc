// SPDX-License-Identifier: Apache-2.0
#include "control/import/text_places.h"

#include <algorithm>

namespace dialtone::importing {

TextPlaces::TextPlaces(std::string_view text)
    : text_(text), first_(text.starts_with("\xef\xbb\xbf") ? 3 : 0), marks_{{1, 1}} {
  if (first_ != 0) {
    marks_.front().column = 0;
  }
}

TextPlace TextPlaces::of(std::size_t offset) {
  offset = std::clamp(offset, first_, text_.size());
  while (marks_.size() <= offset / kStep) {
    const std::size_t begin = (marks_.size() - 1) * kStep;
    marks_.push_back(advance(marks_.back(), begin, begin + kStep));
  }
  const std::size_t mark = offset / kStep;
  return advance(marks_[mark], mark * kStep, offset);
}

TextPlace TextPlaces::advance(TextPlace from, std::size_t begin, std::size_t end) const noexcept {
  for (const char c : text_.substr(begin, end - begin)) {
    if (c == '\n') {
      ++from.line;
      from.column = 1;
    } else {
      from.column += (c & 0xc0) != 0x80;  // bytes that go on with a character do not count
    }
  }
  return from;
}

}  // namespace dialtone::importing
