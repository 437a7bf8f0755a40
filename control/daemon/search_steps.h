// SPDX-License-Identifier: Apache-2.0
//
// The search for one file in the order of a profile, step by step, with what was found in each.
// Pure.
#pragma once

#include "control/database/remote_clusters.h"
#include "control/image/search_order.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dialtone::daemon {

struct SearchStep {
  std::string name;   // "cache", "alt1", "cluster:c"
  std::string place;  // what lies there, or who is asked
  std::string_view
      found;  // "file"; "nothing"; "not reached", since it was found before; "not asked"
};

// `source`: where the file came from; nothing: there is none. Clusters that are not enabled have no
// step. Of other clusters none is asked: this server fetches nothing from them.
std::vector<SearchStep> search_steps(const image_build::SearchOrder& order,
                                     const std::vector<database::RemoteCluster>& clusters,
                                     std::optional<image_build::FileSource> source);

}  // namespace dialtone::daemon
