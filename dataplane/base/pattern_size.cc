// SPDX-License-Identifier: Apache-2.0
#include "dataplane/base/pattern_size.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <system_error>

namespace dialtone {
namespace {

// The largest number of `{2,30}`, whose inside begins at `at`.
std::uint64_t largest_count(std::string_view pattern, std::size_t at) {
  std::uint64_t largest = 1;
  while (at < pattern.size() && pattern[at] != '}') {
    std::uint64_t number = 0;
    const char* begin = pattern.data() + at;
    const auto [end, error] = std::from_chars(begin, pattern.data() + pattern.size(), number);
    largest =
        std::max(largest, error == std::errc::result_out_of_range ? kMaxPatternSize + 1 : number);
    at += std::max<std::size_t>(static_cast<std::size_t>(end - begin), 1);
  }
  return largest;
}

}  // namespace

std::string pattern_size_fault(std::string_view pattern) {
  std::uint64_t size = std::max<std::uint64_t>(pattern.size(), 1);
  for (std::size_t i = 0; i < pattern.size() && size <= kMaxPatternSize; ++i) {
    if (pattern[i] == '\\') {
      ++i;
    } else if (pattern[i] == '{') {
      size *= std::min(largest_count(pattern, i + 1), kMaxPatternSize + 1);
    }
  }
  return size > kMaxPatternSize
             ? "it is too long: its length, times each of its {repetitions}, may be " +
                   std::to_string(kMaxPatternSize) + " at most"
             : std::string();
}

}  // namespace dialtone
