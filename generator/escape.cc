// SPDX-License-Identifier: Apache-2.0
#include "generator/escape.h"

#include "dataplane/base/utf8.h"

namespace dialtone::generator {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";  // U+FFFD

char* put(char* out, std::string_view text) noexcept {
  std::memcpy(out, text.data(), text.size());
  return out + text.size();
}

}  // namespace

char* escape_slow(char* out, std::string_view text) noexcept {
  std::size_t i = 0;
  while (i < text.size()) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte >= 0x80) {
      const CodePoint point = first_code_point(text.substr(i));
      const bool is_good = point.bytes != 0 && !is_noncharacter(point.value);
      out = put(out, is_good ? text.substr(i, point.bytes) : kReplacement);
      i += is_good ? point.bytes : 1;
      continue;
    }
    switch (byte) {
      case '&':
        out = put(out, "&amp;");
        break;
      case '<':
        out = put(out, "&lt;");
        break;
      case '>':
        out = put(out, "&gt;");
        break;
      case '"':
        out = put(out, "&quot;");
        break;
      case '\'':
        out = put(out, "&#39;");
        break;
      case '\t':
        out = put(out, "&#9;");
        break;
      case '\n':
        out = put(out, "&#10;");
        break;
      case '\r':
        out = put(out, "&#13;");
        break;
      default:
        if (byte < 0x20) {
          out = put(out, kReplacement);
        } else {
          *out++ = static_cast<char>(byte);
        }
    }
    ++i;
  }
  return out;
}

std::string escaped(std::string_view text) {
  std::string out(text.size() * kMaxExpansion + kCopySlack, '\0');
  out.resize(static_cast<std::size_t>(escape_to(out.data(), text) - out.data()));
  return out;
}

}  // namespace dialtone::generator
