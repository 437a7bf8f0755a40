// SPDX-License-Identifier: Apache-2.0
#include "control/cli/text.h"

#include "dataplane/base/utf8.h"

#include <algorithm>
#include <array>
#include <span>

namespace dialtone::cli {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

bool is_in(std::span<const Range> ranges, char32_t value) {
  return std::any_of(ranges.begin(), ranges.end(), [value](const Range& range) {
    return value >= range.first && value <= range.last;
  });
}

constexpr auto kNoWidth = std::to_array<Range>({{0x300, 0x36F},
                                                {0x483, 0x489},
                                                {0x591, 0x5BD},
                                                {0x610, 0x61A},
                                                {0x61C, 0x61C},
                                                {0x64B, 0x65F},
                                                {0xE31, 0xE31},
                                                {0xE34, 0xE3A},
                                                {0xE47, 0xE4E},
                                                {0x1AB0, 0x1AFF},
                                                {0x1DC0, 0x1DFF},
                                                {0x200B, 0x200F},
                                                {0x20D0, 0x20FF},
                                                {0xFE00, 0xFE0F},
                                                {0xFE20, 0xFE2F},
                                                {0xFEFF, 0xFEFF},
                                                {0xE0100, 0xE01EF}});

constexpr auto kWide = std::to_array<Range>({{0x1100, 0x115F},
                                             {0x2E80, 0x303E},
                                             {0x3041, 0xA4CF},
                                             {0xA960, 0xA97C},
                                             {0xAC00, 0xD7A3},
                                             {0xF900, 0xFAFF},
                                             {0xFE30, 0xFE6F},
                                             {0xFF00, 0xFF60},
                                             {0xFFE0, 0xFFE6},
                                             {0x1F300, 0x1F64F},
                                             {0x1F680, 0x1F6FF},
                                             {0x1F900, 0x1F9FF},
                                             {0x20000, 0x3FFFD}});

std::size_t width_of(const CodePoint& point) {
  return is_in(kNoWidth, point.value) ? 0 : is_in(kWide, point.value) ? 2 : 1;
}

}  // namespace

std::string printable_lines(std::string_view text) {
  std::string unix_lines;
  unix_lines.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\r' || i + 1 == text.size() || text[i + 1] != '\n') {
      unix_lines += text[i];
    }
  }
  return printable(unix_lines, "\n\t");
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const CodePoint point = first_code_point(text);
    width += width_of(point);
    text.remove_prefix(std::max<std::size_t>(point.bytes, 1));
  }
  return width;
}

std::string cut_to(std::string_view text, std::size_t width) {
  if (display_width(text) <= width) {
    return std::string(text);
  }
  std::size_t kept = 0;
  std::size_t used = 1;  // of the mark
  while (kept < text.size()) {
    const CodePoint point = first_code_point(text.substr(kept));
    used += width_of(point);
    if (used > width) {
      break;
    }
    kept += std::max<std::size_t>(point.bytes, 1);
  }
  return std::string(text.substr(0, kept)) + "\xE2\x80\xA6";
}

}  // namespace dialtone::cli
