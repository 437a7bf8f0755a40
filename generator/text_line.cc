// SPDX-License-Identifier: Apache-2.0
#include "generator/text_line.h"

#include "dataplane/base/utf8.h"

#include <cstring>

namespace dialtone::generator {
namespace {

// U+0080 to U+009F, of which U+0085 is a line feed to some.
bool is_c1(std::uint32_t point) noexcept {
  return point >= 0x80 && point < 0xa0;
}

}  // namespace

char* line_to(char* out, std::string_view text) noexcept {
  std::size_t i = 0;
  while (i < text.size()) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte >= 0x80) {
      const CodePoint point = first_code_point(text.substr(i));
      const bool is_good =
          point.bytes != 0 && !is_c1(point.value) && point.value != 0x2028 && point.value != 0x2029;
      if (is_good) {
        std::memcpy(out, text.data() + i, point.bytes);
        out += point.bytes;
      } else {
        *out++ = '?';
      }
      i += point.bytes == 0 ? 1 : point.bytes;
      continue;
    }
    *out++ = byte < 0x20 || byte == 0x7f ? ' ' : byte == '"' ? '\'' : static_cast<char>(byte);
    ++i;
  }
  return out;
}

std::string lined(std::string_view text) {
  std::string out(text.size(), '\0');
  out.resize(static_cast<std::size_t>(line_to(out.data(), text) - out.data()));
  return out;
}

}  // namespace dialtone::generator
