// SPDX-License-Identifier: Apache-2.0
#include "control/database/remote_clusters.h"

namespace dialtone::database {

Result<std::vector<RemoteCluster>> remote_clusters(Database& database) {
  std::vector<RemoteCluster> clusters;
  DIALTONE_TRY(database.for_each(
      "SELECT c.name, c.is_enabled, c.is_secure, s.address FROM remote_clusters c "
      "LEFT JOIN remote_cluster_servers s ON s.cluster_id = c.id ORDER BY c.id, s.prio",
      [&](const Query& row) {
        if (clusters.empty() || clusters.back().name != row.text(0)) {
          clusters.push_back(
              {std::string(row.text(0)), row.integer(1) != 0, {}, row.integer(2) != 0});
        }
        if (const std::string_view address = row.text(3); !address.empty()) {
          clusters.back().servers.emplace_back(address);
        }
      }));
  return clusters;
}

}  // namespace dialtone::database
