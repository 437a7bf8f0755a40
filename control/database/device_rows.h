// SPDX-License-Identifier: Apache-2.0
//
// Devices as documents out of their rows, for DeviceStore; DeviceWriter writes them. Cold; the
// thread of the Database, inside the caller's transaction.
#pragma once

#include "control/database/database.h"
#include "control/database/device.h"
#include "dataplane/base/result.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dialtone::database {

struct StoredDevice {
  std::int64_t id = 0;
  Device device;
  std::uint32_t changed_s = 0;  // as it is stored; that of `device` is 0
};

// What is to be changed stays as it was read until the transaction ends.
enum class Purpose { kRead, kChange };

// Nothing when there is no device of that name, which must be in its stored spelling.
Result<std::optional<StoredDevice>> read_stored(Database& database, std::string_view name,
                                                Purpose purpose);

// Those of some names, in any order; of names that no device has there is nothing.
Result<std::vector<StoredDevice>> read_stored(Database& database,
                                              std::span<const std::string> names, Purpose purpose);

// The first `most` devices whose id is above `id`, in order of id.
Result<std::vector<StoredDevice>> read_stored_behind(Database& database, std::int64_t id,
                                                     std::int64_t most);

}  // namespace dialtone::database
