// SPDX-License-Identifier: Apache-2.0
//
// `dialtone status` and `dialtone setup` stay readable when every phone has the same fault. Pure.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace dialtone::daemon {

inline constexpr std::size_t kMaxWarnings = 20;

// The first of `all`, each by text_of(), and how many more there are; `rest` is where to find them.
template <typename All, typename TextOf>
void add_first(const All& all, std::string_view rest, TextOf text_of,
               std::vector<std::string>& texts) {
  for (std::size_t i = 0; i < std::min(all.size(), kMaxWarnings); ++i) {
    texts.push_back(text_of(all[i]));
  }
  if (all.size() > kMaxWarnings) {
    texts.push_back("and " + std::to_string(all.size() - kMaxWarnings) + " more like these; " +
                    std::string(rest));
  }
}

}  // namespace dialtone::daemon
