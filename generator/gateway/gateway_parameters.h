// SPDX-License-Identifier: Apache-2.0
//
// The settings of gateways and of their ports that our own trees carry, and what each takes. The
// names are ours, after Unified CM's and those of IOS (cisco-tftp 7.1): which elements an IOS
// gateway reads below a port is in no public document. A template of the administrator may name
// others. Cold; pure; any thread.
#pragma once

#include "dataplane/base/result.h"
#include "generator/gateway/gateway.h"

#include <string_view>
#include <vector>

namespace dialtone::generator {

enum class SettingPlace : std::uint8_t { kGateway, kAnalogPort, kDigitalPort };

// Whether our trees have this setting there; refused for a value that it does not take. `own`:
// names that a template of the administrator has, whose values are any text.
Result<void> check_gateway_setting(GatewayKind kind, SettingPlace place, std::string_view name,
                                   std::string_view value,
                                   const std::vector<std::string_view>& own = {});

bool is_gateway_setting(GatewayKind kind, SettingPlace place, std::string_view name) noexcept;

// The names that a gateway of this kind takes there.
std::vector<std::string_view> gateway_setting_names(GatewayKind kind, SettingPlace place);

}  // namespace dialtone::generator
