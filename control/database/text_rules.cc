// SPDX-License-Identifier: Apache-2.0
#include "control/database/text_rules.h"

#include "dataplane/base/diagnostic.h"
#include "dataplane/base/printable.h"
#include "dataplane/base/utf8.h"

#include <algorithm>
#include <charconv>

namespace dialtone::database {
namespace {

constexpr std::size_t kListed = 12;  // names in a message, before it ends in "..."

std::string hexadecimal(char32_t value) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out = "U+";
  for (int shift = value > 0xffff ? 20 : 12; shift >= 0; shift -= 4) {
    out += kDigits[value >> shift & 0xf];
  }
  return out;
}

}  // namespace

Result<void> check_text(std::string_view what, std::string_view text, std::size_t most) {
  std::size_t count = 0;
  for (std::string_view rest = text; !rest.empty(); ++count) {
    const CodePoint point = first_code_point(rest);
    if (point.bytes == 0) {
      return refused(std::string(what) + " is not UTF-8; save the file in that encoding");
    }
    if (is_unsafe(point.value)) {
      return refused(std::string(what) + " holds a control character (" + hexadecimal(point.value) +
                     "); a text is one line, and does not turn its direction");
    }
    rest.remove_prefix(point.bytes);
  }
  if (count > most) {
    return refused(std::string(what) + " has " + std::to_string(count) + " characters; at most " +
                   std::to_string(most) + " are possible");
  }
  return {};
}

std::optional<std::uint32_t> parse_number(std::string_view text, std::uint32_t most) noexcept {
  std::uint32_t number = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, number);
  if (parsed.ec != std::errc() || parsed.ptr != end || number > most) {
    return std::nullopt;
  }
  return number;
}

std::string no_such_word(std::string_view what, std::string_view word) {
  return "'" + excerpt(word) + "' is no " + std::string(what);
}

std::string unknown_word(std::string_view what, std::string_view word,
                         const std::vector<std::string_view>& names) {
  std::string text = no_such_word(what, word);
  if (const std::string near = nearest_word(word, names); !near.empty()) {
    return text + "; did you mean '" + near + "'?";
  }
  if (names.empty()) {
    return text + "; there is none yet";
  }
  text += "; known: ";
  for (std::size_t i = 0; i < std::min(names.size(), kListed); ++i) {
    text += (i == 0 ? "" : ", ") + excerpt(names[i]);
  }
  return text + (names.size() > kListed ? " ..." : "");
}

std::string lower_case(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  });
  return out;
}

std::string upper_case(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c;
  });
  return out;
}

std::string_view trimmed(std::string_view text) noexcept {
  constexpr std::string_view kBlanks = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) {
    return {};
  }
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

}  // namespace dialtone::database
