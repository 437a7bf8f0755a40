// SPDX-License-Identifier: Apache-2.0
#include "generator/escape.h"

namespace dialtone::generator {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";  // U+FFFD

char* put(char* out, std::string_view text) noexcept {
  std::memcpy(out, text.data(), text.size());
  return out + text.size();
}

// Bytes of the well-formed UTF-8 sequence that begins `text` and that XML allows (RFC 3629 s.4;
// XML 1.0 s.2.2); 0 if there is none.
std::size_t sequence_length(std::string_view text) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto continues = [&](std::size_t i) { return i < text.size() && (byte(i) & 0xc0) == 0x80; };
  const unsigned char lead = byte(0);
  if (lead >= 0xc2 && lead <= 0xdf) {
    return continues(1) ? 2 : 0;
  }
  if ((lead & 0xf0) == 0xe0) {
    if (!continues(1) || !continues(2)) {
      return 0;
    }
    const bool overlong = lead == 0xe0 && byte(1) < 0xa0;
    const bool surrogate = lead == 0xed && byte(1) >= 0xa0;
    const bool noncharacter = lead == 0xef && byte(1) == 0xbf && byte(2) >= 0xbe;
    return overlong || surrogate || noncharacter ? 0 : 3;
  }
  if (lead >= 0xf0 && lead <= 0xf4) {
    if (!continues(1) || !continues(2) || !continues(3)) {
      return 0;
    }
    const bool overlong = lead == 0xf0 && byte(1) < 0x90;
    const bool beyond = lead == 0xf4 && byte(1) >= 0x90;
    return overlong || beyond ? 0 : 4;
  }
  return 0;
}

}  // namespace

char* escape_slow(char* out, std::string_view text) noexcept {
  std::size_t i = 0;
  while (i < text.size()) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte >= 0x80) {
      const std::size_t length = sequence_length(text.substr(i));
      out = put(out, length == 0 ? kReplacement : text.substr(i, length));
      i += length == 0 ? 1 : length;
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
