// SPDX-License-Identifier: Apache-2.0
//
// One device between its document and its rows, for DeviceStore. The caller has resolved and
// checked every reference. Cold; the thread of the Database, inside the caller's transaction.
#pragma once

#include "control/database/database.h"
#include "control/database/device.h"
#include "dataplane/base/result.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dialtone::database {

struct StoredDevice {
  std::int64_t id = 0;
  Device device;
  std::uint32_t changed_s = 0;  // as it is stored; that of `device` is 0
};

// The ids behind the names of a Device.
struct DeviceReferences {
  std::int64_t model = 0;
  std::int64_t pool = 0;
  std::int64_t common_profile = 0;
  std::int64_t sip_profile = 0;
  std::int64_t security_profile = 0;
  std::optional<std::int64_t> user_locale;
  std::optional<std::int64_t> network_locale;
  std::optional<std::int64_t> dial_plan;
  std::optional<std::int64_t> softkey_template;
  std::optional<std::int64_t> feature_policy;
  std::optional<std::int64_t> em_profile;
  std::map<std::string, std::int64_t> line_profiles;
};

// Nothing when there is no device of that name, which must be in its stored spelling.
Result<std::optional<StoredDevice>> read_stored(Database& database, std::string_view name);

// The first `most` devices whose id is above `id`, in order of id.
Result<std::vector<StoredDevice>> read_stored_behind(Database& database, std::int64_t id,
                                                     std::int64_t most);

// Returns the new row's id.
Result<std::int64_t> insert_device(Database& database, const Device& device,
                                   const DeviceReferences& references);

// Writes the rows that differ from `stored`; true when there were any.
Result<bool> update_device(Database& database, const StoredDevice& stored, const Device& device,
                           const DeviceReferences& references);

}  // namespace dialtone::database
