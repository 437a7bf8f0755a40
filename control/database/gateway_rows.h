// SPDX-License-Identifier: Apache-2.0
//
// Which row a person means by the name of a gateway, and how a new one is called. Cold; the thread
// of the Database.
#pragma once

#include "control/database/database.h"
#include "dataplane/base/result.h"

#include <cstdint>
#include <optional>
#include <string>

namespace dialtone::database {

struct GatewayRow {
  std::int64_t id = 0;
  std::string name;
};

// In any case of letters, and by a MAC address whatever kind has it. Nothing: there is none.
Result<std::optional<GatewayRow>> find_gateway(Database& database, const std::string& text);
// Refused, with what was probably meant.
Result<GatewayRow> need_gateway(Database& database, const std::string& text);

struct NewGateway {
  std::string name;  // as it is stored
  std::string kind;
};

// `kind`: what was said of it; empty: what its name says (SKIGW1FCAC3DE10 is of kind sccp).
Result<NewGateway> new_gateway(const std::string& name, const std::string& kind);

}  // namespace dialtone::database
