// SPDX-License-Identifier: Apache-2.0
//
// How people write MAC addresses, and how messages quote what they wrote. Pure; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace dialtone::generator {

// 0011.2233.4455, 00:11:22:33:44:55, 00-11-22-33-44-55, and with blanks.
constexpr bool is_mac_separator(char c) noexcept {
  return c == '.' || c == ':' || c == '-' || c == ' ';
}

// The begin of what may be as long as a file.
inline std::string quoted(std::string_view text) {
  constexpr std::size_t kMost = 60;
  return "'" + std::string(text.substr(0, kMost)) + (text.size() > kMost ? "...'" : "'");
}

}  // namespace dialtone::generator
