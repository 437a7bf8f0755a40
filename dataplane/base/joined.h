// SPDX-License-Identifier: Apache-2.0
//
// Texts one behind the other, with something between them. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace dialtone {

inline std::string joined(const std::vector<std::string>& texts, std::string_view between) {
  std::string all;
  for (const std::string& text : texts) {
    all.append(all.empty() ? std::string_view() : between).append(text);
  }
  return all;
}

}  // namespace dialtone
