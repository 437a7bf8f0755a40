// SPDX-License-Identifier: Apache-2.0
//
// Other clusters, whose TFTP servers may have what this one has not. Cold; the thread of the
// Database.
#pragma once

#include "control/database/database.h"
#include "dataplane/base/result.h"

#include <string>
#include <vector>

namespace dialtone::database {

struct RemoteCluster {
  std::string name;
  bool is_enabled = true;            // for TFTP
  std::vector<std::string> servers;  // in the order in which they are asked; at most three
  bool is_secure = false;
};

// In the order in which they are asked: that of their rows.
Result<std::vector<RemoteCluster>> remote_clusters(Database& database);

}  // namespace dialtone::database
