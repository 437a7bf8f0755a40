// SPDX-License-Identifier: Apache-2.0
//
// How a gateway, its file and its ports are called (cisco-tftp 2.3 and 7). Cold; pure; any thread.
#pragma once

#include "dataplane/base/result.h"
#include "generator/gateway/gateway.h"

#include <string>
#include <string_view>

namespace dialtone::generator {

// As a gateway of this kind is stored: a host name as it is, the others in upper case, and out of a
// MAC address with or without separators. Refused for what can be none.
Result<std::string> gateway_name(GatewayKind kind, std::string_view text);

// Refused for what is no DNS domain.
Result<void> check_domain(std::string_view domain);

// "gw1.example.com": the host name with its domain; of other kinds the name.
std::string full_name(const Gateway& gateway);

// "gw1.example.com.cnf.xml", "SKIGW1FCAC3DE10.cnf.xml".
std::string gateway_file_name(const Gateway& gateway);

// Empty when no endpoint can be called by these numbers.
//   MGCP   AALN/S0/SU1/2@gw1.example.com, S0/SU1/DS1-0@gw1.example.com where the subunit's product
//          is of T1 or E1
//   SCCP   AN, the gateway's 10 digits, and 3 digits: 3 bits of unit, 2 of subunit, 7 of port
//   else   the three numbers: 0/1/2
// A port's setting "endpoint" goes before all that.
std::string endpoint_name(const Gateway& gateway, const GatewayUnit& unit,
                          const GatewaySubunit& subunit, const GatewayPort& port);

// "AN1FCAC3DE10600" -> "SKIGW1FCAC3DE10"; empty: it is no name of a port.
std::string gateway_of_endpoint(std::string_view endpoint);

// True of a subunit whose ports are spans.
bool is_digital(const GatewaySubunit& subunit) noexcept;

// Sets the endpoint of each port.
void name_endpoints(Gateway& gateway);

}  // namespace dialtone::generator
