// SPDX-License-Identifier: Apache-2.0
//
// Gateways whose own file has a name that a device's file may have too: a file has one owner, so
// whoever adds a device or a gateway looks here first. The ports of a gateway are not looked at: a
// device that is called as one of them is that port. Cold; the thread of the Database.
#pragma once

#include "control/database/database.h"
#include "dataplane/base/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace dialtone::database {

class GatewayFiles {
 public:
  // As the gateways are now; many names may be looked up after that.
  static Result<GatewayFiles> read(Database& database);

  // The gateway that has the file of a device of this name, in any case of letters; empty: none.
  std::string_view owner(std::string_view device) const;

 private:
  std::unordered_map<std::string, std::string> owners_;  // by what a device would be called
};

// Why the file of gateway `name`, as it is stored, is not its own: a device has it, or another
// gateway. Empty: it is, or there is no such gateway.
Result<std::string> other_owner(Database& database, std::string_view name);

}  // namespace dialtone::database
