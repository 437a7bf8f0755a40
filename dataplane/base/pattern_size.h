// SPDX-License-Identifier: Apache-2.0
//
// How large a regular expression of somebody else may be, before a library is given it: a short
// one with repetitions inside of repetitions takes all memory, or all stack. Pure; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace dialtone {

inline constexpr std::uint64_t kMaxPatternSize = 4096;

// Why it is too large; empty: it may be compiled. Its size is its bytes times the largest number
// of each {repetition}: at least as many as the states that a library makes of it, whichever the
// syntax, POSIX or ECMAScript. A brace of a bracket expression counts as one too.
std::string pattern_size_fault(std::string_view pattern);

}  // namespace dialtone
