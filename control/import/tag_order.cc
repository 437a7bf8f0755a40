// SPDX-License-Identifier: Apache-2.0
#include "control/import/tag_order.h"

#include <algorithm>
#include <map>
#include <utility>

namespace dialtone::importing {

std::vector<std::string> merged_order(const std::set<std::vector<std::string>>& lists) {
  std::map<std::string, std::set<std::string>> before;
  for (const auto& list : lists) {
    for (std::size_t i = 0; i < list.size(); ++i) {
      auto& those = before[list[i]];
      if (i != 0 && list[i - 1] != list[i]) {
        those.insert(list[i - 1]);
      }
    }
  }
  std::vector<std::string> order;
  while (!before.empty()) {
    // Of a circle, the one that waits for the fewest.
    const auto next =
        std::ranges::min_element(before, {}, [](const auto& each) { return each.second.size(); });
    order.push_back(next->first);
    before.erase(next);
    for (auto& [name, those] : before) {
      those.erase(order.back());
    }
  }
  return order;
}

bool is_in_order(const std::vector<std::string>& list, const std::vector<std::string>& order) {
  auto at = order.begin();
  for (const std::string& name : list) {
    at = std::find(at, order.end(), name);
    if (at == order.end()) {
      return false;
    }
  }
  return true;
}

}  // namespace dialtone::importing
