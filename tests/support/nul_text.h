// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <string>

namespace dialtone::test {

// The fields of a request as facts/tftp-state-of-the-art writes them: '|' is a NUL.
inline std::string nul(std::string text) {
  std::replace(text.begin(), text.end(), '|', '\0');
  return text;
}

}  // namespace dialtone::test
