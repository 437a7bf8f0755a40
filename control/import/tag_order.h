// SPDX-License-Identifier: Apache-2.0
//
// One order for names that come in several: the columns of tags of a CSV. Pure; any thread.
#pragma once

#include <set>
#include <string>
#include <vector>

namespace dialtone::importing {

// Each name once, behind all that stand before it in any list, as far as the lists agree.
std::vector<std::string> merged_order(const std::set<std::vector<std::string>>& lists);

// Whether the names of `list` stand in `order` in their order.
bool is_in_order(const std::vector<std::string>& list, const std::vector<std::string>& order);

}  // namespace dialtone::importing
