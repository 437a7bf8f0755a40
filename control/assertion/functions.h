// SPDX-License-Identifier: Apache-2.0
//
// What a claim may ask of the whole document. TEXT is compared with every text of it, in order.
// Private to this folder.
//
//   has(TEXT)       a text that contains TEXT; none(TEXT) the opposite
//   count(TEXT)     how many texts begin with TEXT; count(path) the size of a list
//   after(A, B)     in a list, the first text that begins with A comes behind the last that begins
//                   with B
//   warn(TEXT)      a warning, or a finding of `doctor` or `dhcp lint`, that contains TEXT
//   fetched(NAME)   "files" has it, of either case, and it came whole (dialtone-emu)
//   exists(path)    the path leads somewhere
#pragma once

#include "control/assertion/assertion.h"

#include <span>
#include <string_view>
#include <vector>

namespace dialtone::assertion {

struct Function {
  std::string_view name;
  std::size_t arguments;
  // nullptr: exists(), which looks at the path itself.
  Json (*call)(const Json& document, std::span<const Json> arguments);
};

std::span<const Function> functions() noexcept;
const Function* find_function(std::string_view name) noexcept;

}  // namespace dialtone::assertion
