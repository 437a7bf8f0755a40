// SPDX-License-Identifier: Apache-2.0
//
// ASCII letters in lower case: names of files and of hosts are compared so. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace dialtone::emu {

inline std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& letter : lower) {
    letter = letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + ('a' - 'A')) : letter;
  }
  return lower;
}

}  // namespace dialtone::emu
