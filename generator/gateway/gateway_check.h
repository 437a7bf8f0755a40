// SPDX-License-Identifier: Apache-2.0
//
// Whether a gateway can be built: its names, its ports, its settings. The same for what a command
// writes and for what a build reads. Cold; pure; any thread.
#pragma once

#include "generator/gateway/gateway.h"

#include <string>
#include <string_view>
#include <vector>

namespace dialtone::generator {

struct GatewayFault {
  std::string code;  // "bad-name", "bad-domain", "name-too-long", "duplicate-port", ...
  std::string text;  // names the row and the cure
};

// The names of settings that the template of the gateway has, when it is not ours.
struct OwnSettings {
  std::vector<std::string_view> gateway;
  std::vector<std::string_view> port;
};

// All of them. The endpoints have been named.
std::vector<GatewayFault> check_gateway(const Gateway& gateway, const OwnSettings& own = {});

}  // namespace dialtone::generator
