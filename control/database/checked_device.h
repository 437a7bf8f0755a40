// SPDX-License-Identifier: Apache-2.0
//
// A device that fits the shared rows, with the ids of those it refers to: what device_check.h finds
// and DeviceWriter writes. Plain data, owned by value.
#pragma once

#include "control/database/device.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace dialtone::database {

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

struct CheckedDevice {
  Device device;  // names as they are stored, empty references filled in
  DeviceReferences references;
};

// Why a device was refused. The code is short and stable, as in a Diagnostic.
struct Fault {
  std::string code;
  std::string text;
  std::string key = {};  // of the device, that is to be corrected; empty: none alone
};

}  // namespace dialtone::database
