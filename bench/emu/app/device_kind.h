// SPDX-License-Identifier: Apache-2.0
//
// What a device is: its model and firmware, or the type of a gateway; and by that its name, and
// whether its DHCP can be turned off. Cold; pure.
#pragma once

#include "bench/emu/app/device_options.h"
#include "bench/emu/app/option_reader.h"
#include "bench/emu/device/device.h"

#include <string_view>

namespace dialtone::emu {

inline constexpr std::string_view kDhcpFixed = "dhcp-fixed";  // of refusal_code()

// What a device of this kind is before anybody has set anything on it (features 48 to 50).
struct DeviceDefaults {
  bool dhcp = true;
  bool can_be_off = true;  // DHCP
};
DeviceDefaults defaults_of(const DeviceOptions& options);

// "dhcp-fixed", or "bad-option" for all else that plan_device() refuses.
std::string_view refusal_code(const DeviceOptions& options);

void read_kind(const DeviceOptions& options, OptionReader& reader, DevicePlan& plan);
// Without one it has the name of its kind, which its MAC makes: behind its host.
void name_gateway(const DeviceOptions& options, OptionReader& reader, DevicePlan& plan);

}  // namespace dialtone::emu
