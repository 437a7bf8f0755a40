// SPDX-License-Identifier: Apache-2.0
//
// Gateways and the administrator's templates out of the database. Cold; the thread of the Database,
// in one transaction or snapshot. Rows that belong to no gateway (a hand without foreign keys) are
// passed over; what cannot be read of one is in Gateway::unreadable.
#pragma once

#include "control/database/campus_loader.h"
#include "control/database/database.h"
#include "dataplane/base/result.h"
#include "generator/gateway/gateway.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace dialtone::database {

// In order of id, their ports named. `rows`: for the positions of device pools.
Result<std::vector<generator::Gateway>> load_gateways(Database& database, const CampusRows& rows);
// Nothing: there is none of that id.
Result<std::optional<generator::Gateway>> load_gateway(Database& database, const CampusRows& rows,
                                                       std::int64_t id);

struct GatewayTemplateRow {
  std::string name;
  std::string product;
  std::string body;
};
Result<std::vector<GatewayTemplateRow>> load_gateway_templates(Database& database);

}  // namespace dialtone::database
