// SPDX-License-Identifier: Apache-2.0
//
// Where many clients are, and whom they ask: what --tftp, --first and a number say. Cold; pure.
#pragma once

#include "dataplane/base/ip_address.h"
#include "dataplane/base/result.h"

#include <cstdint>
#include <string>

namespace dialtone::emu {

// The clients have one address after the other, from the first on; they differ in the last 64 bits,
// of IPv4 in 32.
struct ClientAddresses {
  IpAddress server{};
  IpAddress first{};
};

// Of `count` clients, at least 1. kUsage: no addresses, or of two families; no host can have the
// first, or there are not enough behind it; or the server is among them.
Result<ClientAddresses> client_addresses(const std::string& tftp, const std::string& first,
                                         std::uint64_t count);

}  // namespace dialtone::emu
