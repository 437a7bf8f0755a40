// SPDX-License-Identifier: Apache-2.0
//
// Colour, or none: each function gives its text back as it is when the style is plain. And how wide
// the terminal is, for tables. Pure.
#pragma once

#include <cstddef>
#include <string>

namespace dialtone::cli {

struct Style {
  bool colour = false;
  std::size_t width = 0;  // columns; 0: no terminal, and nothing is cut

  std::string heading(const std::string& text) const { return wrap("1", text); }   // bold
  std::string quiet(const std::string& text) const { return wrap("2", text); }     // dim
  std::string good(const std::string& text) const { return wrap("32", text); }     // green
  std::string warning(const std::string& text) const { return wrap("33", text); }  // yellow
  std::string error(const std::string& text) const { return wrap("1;31", text); }  // bold red

 private:
  std::string wrap(const char* code, const std::string& text) const {
    return colour ? std::string("\x1b[") + code + 'm' + text + "\x1b[0m" : text;
  }
};

}  // namespace dialtone::cli
