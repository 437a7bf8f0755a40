// SPDX-License-Identifier: Apache-2.0
#include "control/assertion/pattern.h"

#include "dataplane/base/pattern_size.h"

#include <cstddef>
#include <string_view>

namespace dialtone::assertion {
namespace {

// The library's own extension: all ways through the pattern are followed at once, instead of one
// after the other with a recursion for each byte of the text.
constexpr auto kSyntax =
    std::regex::ECMAScript | std::regex::nosubs | std::regex_constants::__polynomial;

// Why it is not even tried; empty: it may be.
std::string fault_of(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view rest = text.substr(i);
    if (text[i] == '\\') {
      ++i;
    } else if (rest.starts_with("(?=") || rest.starts_with("(?!")) {
      return "'" + std::string(rest.substr(0, 3)) +
             "' looks ahead, which is not taken; claim it apart, with && or !";
    }
  }
  // So many states are looked at for each byte of a text, and so deep goes the recursion over them.
  return pattern_size_fault(text);
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
