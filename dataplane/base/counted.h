// SPDX-License-Identifier: Apache-2.0
//
// A number with its thing, for log lines and warnings.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace dialtone {

// "1 file", "2 files".
inline std::string counted(std::uint64_t number, std::string_view thing) {
  return std::to_string(number).append(" ").append(thing).append(number == 1 ? "" : "s");
}

}  // namespace dialtone
