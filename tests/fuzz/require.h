// SPDX-License-Identifier: Apache-2.0
//
// How a fuzz target says that a property does not hold: with the rule in words, and as a crash,
// which is what libFuzzer keeps the input of.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace dialtone::fuzz {

[[noreturn]] inline void broken(const char* rule) {
  std::fprintf(stderr, "rule broken: %s\n", rule);
  std::abort();
}

inline void require(bool holds, const char* rule) {
  if (!holds) [[unlikely]] {
    broken(rule);
  }
}

}  // namespace dialtone::fuzz
