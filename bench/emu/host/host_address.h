// SPDX-License-Identifier: Apache-2.0
//
// Which addresses one host can have, whoever says that it has them: a person, or a DHCP server.
// Pure; any thread.
#pragma once

#include "dataplane/base/ip_address.h"
#include "dataplane/wire/ipv4.h"
#include "dataplane/wire/ipv6.h"

namespace dialtone::emu {

// Neither unspecified, nor of loopback, nor of a group; of either family.
constexpr bool is_of_a_host(const IpAddress& address) noexcept {
  return address.is_v4() ? wire::is_unicast_source(address.v4()) : wire::is_unicast_source(address);
}

}  // namespace dialtone::emu
