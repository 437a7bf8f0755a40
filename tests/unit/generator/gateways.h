// SPDX-License-Identifier: Apache-2.0
//
// Gateways of tests: one of each kind, with the ports that tell them apart.
#pragma once

#include "generator/gateway/gateway.h"
#include "generator/gateway/gateway_names.h"

#include <string>
#include <utility>

namespace dialtone::test {

inline generator::Gateway test_gateway(generator::GatewayKind kind, std::string name) {
  generator::Gateway gateway{.id = 1,
                             .name = std::move(name),
                             .kind = kind,
                             .product = "VG224",
                             .description = "Lobby <1>",
                             .changed_s = 1231176639,
                             .settings = {{"tftpRetries", "2"}}};
  gateway.units.push_back({.unit = 0, .product = "ANALOG"});
  gateway.units[0].subunits.push_back({.subunit = 1, .product = "4FXS-SCCP", .begin_port = 0});
  auto& ports = gateway.units[0].subunits[0].ports;
  ports.push_back({.port = 0, .description = "Fax", .dn = "4001"});
  ports.push_back({.port = 1, .settings = {{"inputGain", "-3"}, {"signaling", "loopStart"}}});
  return gateway;
}

inline generator::Gateway mgcp_gateway() {
  generator::Gateway gateway = test_gateway(generator::GatewayKind::kMgcp, "gw1");
  gateway.domain = "example.com";
  gateway.units.push_back({.unit = 2, .product = "NM-HDV2"});
  gateway.units[1].subunits.push_back({.subunit = 0, .product = "VWIC2-2MFT-T1E1-T1"});
  gateway.units[1].subunits[0].ports.push_back(
      {.port = 0, .settings = {{"framing", "esf"}, {"channels", "23"}}});
  generator::name_endpoints(gateway);
  return gateway;
}

inline generator::Gateway sccp_gateway() {
  generator::Gateway gateway = test_gateway(generator::GatewayKind::kSccp, "SKIGW1FCAC3DE10");
  generator::name_endpoints(gateway);
  return gateway;
}

}  // namespace dialtone::test
