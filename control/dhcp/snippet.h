// SPDX-License-Identifier: Apache-2.0
//
// Configuration of DHCP servers that leads phones to their TFTP servers: option 150 and, over IPv6,
// sub-option 1 of enterprise 9 (cisco-tftp 12.2). Pure functions; any thread.
#pragma once

#include "dataplane/base/ip_address.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace dialtone::dhcp {

enum class ServerKind { kKea, kIsc, kDnsmasq, kIos };

// Nothing: it is none of "kea", "isc", "dnsmasq", "ios".
std::optional<ServerKind> server_kind(std::string_view name);

// For the servers in this order, of either family; at least one.
std::string snippet(ServerKind kind, std::span<const IpAddress> servers);

}  // namespace dialtone::dhcp
