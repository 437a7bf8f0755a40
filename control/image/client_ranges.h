// SPDX-License-Identifier: Apache-2.0
//
// Prefixes that an administrator allows and denies, as the table that a worker halves: ranges
// without overlap (dataplane/abi/client_prefixes.h). Cold; pure.
#pragma once

#include "dataplane/abi/image_format.h"
#include "dataplane/base/ip_address.h"

#include <cstddef>
#include <span>
#include <vector>

namespace dialtone::image_build {

struct ClientPrefix {
  IpPrefix prefix;
  bool allowed;
};

// Each prefix begins a range and ends one.
inline constexpr std::size_t kMaxClientPrefixes = (abi::kMaxClientRanges - 1) / 2;

// The longest prefix that an address lies in decides. An address in none of them is denied when any
// prefix is allowed, and else allowed. An IPv6 prefix holds no IPv4 address, not even ::/0. At most
// kMaxClientPrefixes, none of them twice; no prefix: no range, which allows everybody.
std::vector<abi::ClientRange> flatten(std::span<const ClientPrefix> prefixes);

}  // namespace dialtone::image_build
