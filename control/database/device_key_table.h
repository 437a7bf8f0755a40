// SPDX-License-Identifier: Apache-2.0
//
// The one table of a device's keys: to add one, add a member in device.h and a line here; the
// column behind it is in device_rows.cc and device_reader.cc. Private to device_keys.cc. Immutable.
#pragma once

#include "control/database/device.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

namespace dialtone::database {

inline constexpr std::uint32_t kMaxIndex = 999;

enum class Form { kText, kName, kProtocol, kFeature, kNumber };

// A key of one row: a text of at most `most` characters, or a number of at most `most`.
template <typename Row>
struct Key {
  std::string_view name;
  std::string Row::*text;
  std::uint32_t most;
  Form form = Form::kText;
  std::uint32_t Row::*number = nullptr;
};

// Lengths that no real value reaches: what is longer is a mistake.
inline constexpr Key<Device> kDeviceKeys[] = {
    {"name", &Device::name, 64, Form::kName},
    {"description", &Device::description, 128},
    {"model", &Device::model, 64},
    {"protocol", &Device::protocol, 4, Form::kProtocol},
    {"pool", &Device::pool, 64},
    {"common_profile", &Device::common_profile, 64},
    {"sip_profile", &Device::sip_profile, 64},
    {"security_profile", &Device::security_profile, 64},
    {"user_locale", &Device::user_locale, 64},
    {"network_locale", &Device::network_locale, 64},
    {"dial_plan", &Device::dial_plan, 64},
    {"softkey", &Device::softkey, 64},
    {"feature_policy", &Device::feature_policy, 64},
    {"em_profile", &Device::em_profile, 64},
    {"owner", &Device::owner, 128},
    {"user_id", &Device::user_id, 128},
    {"label", &Device::label, 64},
    {"external_mask", &Device::external_mask, 64},
    {"load", &Device::load, 64},
    {"inactive_load", &Device::inactive_load, 64},
    {"cert_hash", &Device::cert_hash, 32},
    {"ctiid", nullptr, 0xffffffff, Form::kNumber, &Device::ctiid},
    {"changed_s", nullptr, 0xffffffff, Form::kNumber, &Device::changed_s},
};
inline constexpr Key<DeviceLine> kLineKeys[] = {
    {"dn", &DeviceLine::dn, 64},
    {"label", &DeviceLine::label, 64},
    {"display", &DeviceLine::display, 64},
    {"auth_name", &DeviceLine::auth_name, 128},
    {"auth_secret", &DeviceLine::auth_secret, 128},
    {"external_mask", &DeviceLine::external_mask, 64},
    {"messages_number", &DeviceLine::messages_number, 64},
    {"profile", &DeviceLine::profile, 64},
};
inline constexpr Key<DeviceSpeedDial> kSpeedDialKeys[] = {
    {"number", &DeviceSpeedDial::number, 255},
    {"label", &DeviceSpeedDial::label, 64},
    {"feature", &DeviceSpeedDial::feature, 9, Form::kFeature},
};
inline constexpr Key<DeviceModule> kModuleKeys[] = {
    {"type", &DeviceModule::type, 64},
    {"lines", nullptr, kMaxIndex, Form::kNumber, &DeviceModule::lines},
    {"load", &DeviceModule::load, 64},
};

// The numbered groups: "line", its keys, and where its rows are.
template <typename Row>
struct Group {
  std::string_view name;
  std::span<const Key<Row>> keys;
  std::map<std::uint32_t, Row> Device::*rows;
};
inline constexpr Group<DeviceLine> kLines{"line", kLineKeys, &Device::lines};
inline constexpr Group<DeviceSpeedDial> kSpeedDials{"speeddial", kSpeedDialKeys,
                                                    &Device::speed_dials};
inline constexpr Group<DeviceModule> kModules{"module", kModuleKeys, &Device::modules};

template <typename Visit>
void for_each_group(Visit visit) {
  visit(kLines);
  visit(kSpeedDials);
  visit(kModules);
}

template <typename Row>
const Key<Row>* find(std::span<const Key<Row>> keys, std::string_view name) noexcept {
  const auto found =
      std::find_if(keys.begin(), keys.end(), [&](const auto& key) { return key.name == name; });
  return found == keys.end() ? nullptr : &*found;
}

}  // namespace dialtone::database
