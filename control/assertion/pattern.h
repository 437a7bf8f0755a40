// SPDX-License-Identifier: Apache-2.0
//
// The regular expression behind `matches`, of ECMAScript without references and look-ahead. Texts
// come from elsewhere and patterns from whoever claims: the time grows with the product of both
// lengths, never as a power of them, and the stack with the pattern alone. Pure; private to this
// folder.
#pragma once

#include "dataplane/base/result.h"

#include <cstddef>
#include <regex>
#include <string>

namespace dialtone::assertion {

class Pattern {
 public:
  static constexpr std::size_t kMaxText = 4096;  // bytes; a second of a slow machine

  // kUsage: it is none, or one that may take too long, with the reason.
  static Result<Pattern> compile(const std::string& text);

  // Some part of `text`, of at most kMaxText bytes.
  bool fits(const std::string& text) const { return std::regex_match(text, whole_); }

 private:
  explicit Pattern(std::regex whole) : whole_(std::move(whole)) {}

  std::regex whole_;
};

}  // namespace dialtone::assertion
