// SPDX-License-Identifier: Apache-2.0
//
// One fault in a file that a person wrote (configuration, CSV, template), printed as
// "file:line:column: code: text" so that editors jump to it. Checkers collect all of them before
// they give up. Line and column count from 1; 0 means "not known" and is left out.
#pragma once

#include "dataplane/base/error.h"

#include <cstdint>
#include <string>
#include <vector>

namespace dialtone {

struct Diagnostic {
  std::string file;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::string code;  // short, lower case, stable: "unknown-key", "dup-mac"
  std::string text;  // what is wrong and the cure
};

using Diagnostics = std::vector<Diagnostic>;

std::string to_string(const Diagnostic& diagnostic);

// All of them, a line each, as one Error.
Error to_error(ErrorCode code, const Diagnostics& diagnostics);

// The candidate nearest to `word` by edit distance, if it is near enough to be a typing mistake;
// else empty. For "did you mean" hints.
std::string nearest_word(std::string_view word, const std::vector<std::string_view>& candidates);

}  // namespace dialtone
