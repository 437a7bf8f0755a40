// SPDX-License-Identifier: Apache-2.0
//
// Which loads devices are told of: their own, or their model's. Cold; the thread of the Database.
#pragma once

#include "control/database/database.h"
#include "dataplane/base/result.h"

#include <cstdint>
#include <string>
#include <vector>

namespace dialtone::database {

struct LoadUse {
  std::string load;   // empty: they are told of none
  std::string model;  // "Cisco 8841"
  std::string protocol;
  bool own = false;  // of the devices, not of the model
  std::uint64_t devices = 0;
  std::string example;  // one of them
};

// Of models that have devices, by load and model.
Result<std::vector<LoadUse>> loads_in_use(Database& database);

}  // namespace dialtone::database
