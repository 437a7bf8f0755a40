// SPDX-License-Identifier: Apache-2.0
#include "control/assertion/pattern.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string_view>

namespace dialtone::assertion {
namespace {

// Bytes of a pattern times all of its repetitions: at most so many states are looked at for each
// byte of a text, and so deep goes the recursion over them.
constexpr std::uint64_t kMaxSize = 4096;

// The library's own extension: all ways through the pattern are followed at once, instead of one
// after the other with a recursion for each byte of the text.
constexpr auto kSyntax =
    std::regex::ECMAScript | std::regex::nosubs | std::regex_constants::__polynomial;

// The largest number of `{2,30}`, whose inside begins at `at`.
std::uint64_t largest_count(std::string_view text, std::size_t at) {
  std::uint64_t largest = 1;
  while (at < text.size() && text[at] != '}') {
    std::uint64_t number = 0;
    const char* begin = text.data() + at;
    const auto [end, error] = std::from_chars(begin, text.data() + text.size(), number);
    largest = std::max(largest, error == std::errc::result_out_of_range ? kMaxSize + 1 : number);
    at += std::max<std::size_t>(static_cast<std::size_t>(end - begin), 1);
  }
  return largest;
}

// Why it is not even tried; empty: it may be.
std::string fault_of(std::string_view text) {
  std::uint64_t size = std::max<std::uint64_t>(text.size(), 1);
  for (std::size_t i = 0; i < text.size() && size <= kMaxSize; ++i) {
    const std::string_view rest = text.substr(i);
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '{') {
      size *= std::min(largest_count(text, i + 1), kMaxSize + 1);
    } else if (rest.starts_with("(?=") || rest.starts_with("(?!")) {
      return "'" + std::string(rest.substr(0, 3)) +
             "' looks ahead, which is not taken; claim it apart, with && or !";
    }
  }
  return size > kMaxSize ? "it is too long: its length, times each of its {repetitions}, may be " +
                               std::to_string(kMaxSize) + " at most"
                         : std::string();
}

}  // namespace

Result<Pattern> Pattern::compile(const std::string& text) {
  if (std::string fault = fault_of(text); !fault.empty()) {
    return usage(std::move(fault));
  }
  try {
    // Alone first: what is no expression must not become one by what is put around it, which
    // makes one pass of what would be a search from each byte.
    (void)std::regex(text, kSyntax);
    return Pattern(std::regex("[\\s\\S]*(?:" + text + ")[\\s\\S]*", kSyntax));
  } catch (const std::regex_error& error) {
    return usage(error.code() == std::regex_constants::error_complexity
                     ? "it refers to a group of its own, which may take for ever"
                     : error.what());
  }
}

}  // namespace dialtone::assertion
