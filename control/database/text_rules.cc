// SPDX-License-Identifier: Apache-2.0
#include "control/database/text_rules.h"

#include "dataplane/base/diagnostic.h"

#include <algorithm>
#include <charconv>

namespace dialtone::database {
namespace {

constexpr std::size_t kListed = 12;  // names in a message, before it ends in "..."

// Reads one character; false for what is no UTF-8 of the shortest form, a surrogate or beyond.
bool read_character(std::string_view& text, std::uint32_t& character) noexcept {
  const auto lead = static_cast<unsigned char>(text[0]);
  const std::size_t size = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  if ((lead >= 0x80 && lead < 0xc2) || lead > 0xf4 || text.size() < size) {
    return false;
  }
  character = size == 1 ? lead : lead & (0x7fU >> size);
  for (std::size_t i = 1; i < size; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xc0) != 0x80) {
      return false;
    }
    character = character << 6 | (byte & 0x3fU);
  }
  text.remove_prefix(size);
  constexpr std::uint32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  return character >= kLeast[size] && character <= 0x10ffff &&
         (character < 0xd800 || character > 0xdfff);
}

constexpr bool is_control(std::uint32_t character) noexcept {
  return character < 0x20 || (character >= 0x7f && character < 0xa0) || character == 0xfffe ||
         character == 0xffff;
}

}  // namespace

Result<void> check_text(std::string_view what, std::string_view text, std::size_t most) {
  std::size_t count = 0;
  for (std::string_view rest = text; !rest.empty(); ++count) {
    std::uint32_t character = 0;
    if (!read_character(rest, character)) {
      return refused(std::string(what) + " is not UTF-8; save the file in that encoding");
    }
    if (is_control(character)) {
      return refused(std::string(what) + " holds a control character (" +
                     std::to_string(character) + "); a text is one line");
    }
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

std::string unknown_word(std::string_view what, std::string_view word,
                         const std::vector<std::string_view>& names) {
  std::string text = "'" + std::string(word) + "' is no " + std::string(what);
  if (const std::string near = nearest_word(word, names); !near.empty()) {
    return text + "; did you mean '" + near + "'?";
  }
  if (names.empty()) {
    return text + "; there is none yet";
  }
  text += "; known: ";
  for (std::size_t i = 0; i < std::min(names.size(), kListed); ++i) {
    text += (i == 0 ? "" : ", ") + std::string(names[i]);
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
