// SPDX-License-Identifier: Apache-2.0
//
// What an option with a number takes.
#pragma once

#include <CLI/CLI.hpp>

#include <cmath>
#include <cstdlib>
#include <string>

namespace dialtone::emu {

// 0 to `most`; no NaN, which is in every range of CLI11's own.
inline CLI::Validator finite(double most) {
  return CLI::Validator(
      [most](std::string& text) {
        char* end = nullptr;
        const double value = std::strtod(text.c_str(), &end);
        const bool is_right = end != text.c_str() && *end == '\0' && std::isfinite(value) &&
                              value >= 0 && value <= most;
        return is_right ? std::string()
                        : "'" + text + "' is no number from 0 to " +
                              std::to_string(static_cast<long>(most));
      },
      "NUMBER");
}

// "5s", or "5": seconds, from 0 to `most`.
inline CLI::Validator seconds(double most) {
  const CLI::Validator number = finite(most);
  return CLI::Validator(
      [number](std::string& text) {
        if (text.size() > 1 && text.back() == 's') {
          text.pop_back();
        }
        return number(text);
      },
      "SECONDS");
}

}  // namespace dialtone::emu
