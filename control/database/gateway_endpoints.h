// SPDX-License-Identifier: Apache-2.0
//
// A port of an SCCP gateway as the phone that it is (cisco-tftp 7.2): of model "Analog Phone", in
// the gateway's device pool, with one line. Cold; the thread of the Database.
#pragma once

#include "control/database/campus_loader.h"
#include "control/database/database.h"
#include "dataplane/base/result.h"
#include "generator/gateway/gateway.h"
#include "generator/records.h"

#include <set>
#include <string>
#include <vector>

namespace dialtone::database {

inline constexpr std::uint32_t kAnalogPhone = 30'027;  // its model; cisco-tftp 2.2

// Adds the record of a port with an endpoint. Its model is kNoRow where the table has none.
void add_endpoint(const CampusRows& rows, const generator::Gateway& gateway,
                  const generator::GatewayPort& port, generator::DeviceBatch& batch);

// Devices that stand in place of a port, by name: those of `gateway`; of all gateways.
Result<std::set<std::string>> devices_at_ports(Database& database,
                                               const generator::Gateway& gateway);
Result<std::set<std::string>> devices_at_ports(Database& database);

}  // namespace dialtone::database
