// SPDX-License-Identifier: Apache-2.0
#include "control/assets/load_list.h"

#include "dataplane/abi/canonical_name.h"

#include <algorithm>
#include <charconv>

namespace dialtone::assets {
namespace {

constexpr std::size_t kMaxList = 64 * 1024;  // those of phones have less than 1 KB

// Where the text begins: a signed file has its version and the length of its header in front (TLV 1
// and 2; facts: trust-formats 1.1).
std::size_t text_begin(std::string_view all) noexcept {
  constexpr std::size_t kFixed = 10;
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(all[at]); };
  const bool is_signed = all.size() >= kFixed && byte(0) == 1 && byte(1) == 0 && byte(2) == 2 &&
                         byte(5) == 2 && byte(6) == 0 && byte(7) == 2;
  return is_signed ? static_cast<std::size_t>(byte(8)) << 8 | byte(9) : 0;
}

// The next word of a line, which is taken from it.
std::string_view take_word(std::string_view& line) noexcept {
  constexpr std::string_view kBlanks = " \t\r";
  const std::size_t begin = std::min(line.find_first_not_of(kBlanks), line.size());
  const std::size_t end = std::min(line.find_first_of(kBlanks, begin), line.size());
  const std::string_view word = line.substr(begin, end - begin);
  line.remove_prefix(end);
  return word;
}

std::optional<std::uint64_t> to_number(std::string_view word) noexcept {
  std::uint64_t number = 0;
  const auto read = std::from_chars(word.data(), word.data() + word.size(), number);
  return !word.empty() && read.ec == std::errc() && read.ptr == word.data() + word.size()
             ? std::optional(number)
             : std::nullopt;
}

bool is_md5(std::string_view word) noexcept {
  constexpr std::size_t kDigits = 32;
  return word.size() == kDigits &&
         word.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

std::string lower_case(std::string_view hex) {
  std::string out(hex);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) {
    return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return out;
}

}  // namespace

bool is_load_name(std::string_view canonical_name) noexcept {
  return canonical_name.ends_with(".loads");
}

std::optional<std::vector<LoadPart>> read_load_list(std::span<const std::byte> content) {
  std::string_view text(reinterpret_cast<const char*>(content.data()), content.size());
  const std::size_t begin = text_begin(text);
  if (begin > text.size() || text.size() - begin > kMaxList) {
    return std::nullopt;
  }
  text.remove_prefix(begin);
  std::vector<LoadPart> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::string_view name = take_word(line);
    if (name.empty() || name.starts_with('#') || name.starts_with("LA_VERSION")) {
      continue;
    }
    abi::CanonicalName canonical;
    const bool is_text =
        std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c < 0x7f; });
    if (!is_text || !abi::canonicalize(name, canonical)) {
      return std::nullopt;
    }
    LoadPart& part = parts.emplace_back(LoadPart{std::string(name), std::nullopt});
    for (std::string_view word = take_word(line); !word.empty(); word = take_word(line)) {
      if (is_md5(word)) {
        part.md5 = lower_case(word);
      } else if (!part.bytes) {
        part.bytes = to_number(word);
      }
    }
  }
  return parts.empty() ? std::nullopt : std::optional(std::move(parts));
}

std::vector<std::string> names_of_part(std::string_view load, const LoadPart& part) {
  std::vector<std::string> names;
  abi::CanonicalName name;
  const std::size_t slash = load.rfind('/');
  if (abi::canonicalize(part.name, name)) {
    names.emplace_back(name.view());
    if (slash != std::string_view::npos) {
      names.push_back(std::string(load.substr(0, slash + 1)) + std::string(name.view()));
    }
  }
  return names;
}

}  // namespace dialtone::assets
