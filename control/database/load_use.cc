// SPDX-License-Identifier: Apache-2.0
#include "control/database/load_use.h"

namespace dialtone::database {
namespace {

constexpr std::string_view kUses =
    "SELECT used.load, m.name, m.protocol, used.own, used.devices, used.example FROM ("
    "SELECT d.model_id AS model_id, m.default_load AS load, 0 AS own, count(*) AS devices, "
    "min(d.name) AS example FROM devices d JOIN models m ON m.id = d.model_id "
    "WHERE d.load_override = '' GROUP BY d.model_id, m.default_load "
    "UNION ALL SELECT d.model_id, d.load_override, 1, count(*), min(d.name) FROM devices d "
    "WHERE d.load_override <> '' GROUP BY d.model_id, d.load_override) used "
    "JOIN models m ON m.id = used.model_id "
    "ORDER BY used.load, m.name, m.protocol, used.own";

}  // namespace

Result<std::vector<LoadUse>> loads_in_use(Database& database) {
  std::vector<LoadUse> uses;
  DIALTONE_TRY(database.for_each(kUses, [&](const Query& row) {
    uses.push_back({std::string(row.text(0)), std::string(row.text(1)), std::string(row.text(2)),
                    row.integer(3) != 0, static_cast<std::uint64_t>(row.integer(4)),
                    std::string(row.text(5))});
  }));
  return uses;
}

}  // namespace dialtone::database
