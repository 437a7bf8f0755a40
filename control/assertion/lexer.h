// SPDX-License-Identifier: Apache-2.0
//
// A claim cut into words. Private to this folder.
#pragma once

#include "dataplane/base/result.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace dialtone::assertion {

enum class TokenKind { kName, kNumber, kText, kSign, kEnd };

struct Token {
  TokenKind kind = TokenKind::kEnd;
  std::string text;        // kText: without its quotes and escapes
  std::size_t column = 0;  // from 1
  std::size_t end = 0;     // column behind it
};

// Ends with a kEnd. kUsage for a text that is not closed, or a character that begins no word.
Result<std::vector<Token>> cut(std::string_view text);

Error wrong(std::size_t column, const std::string& what);

}  // namespace dialtone::assertion
