// SPDX-License-Identifier: Apache-2.0
//
// Which clients a generation serves, by their addresses. Control flattens the prefixes that an
// administrator allows and denies into ranges without overlap (control/image/client_ranges.h); a
// worker finds the one that an address lies in by halving. An IPv4 address stands there as IPv6
// maps it (base/ip_address.h). Values; hot.
#pragma once

#include "dataplane/abi/image_format.h"
#include "dataplane/base/ip_address.h"

#include <algorithm>
#include <span>

namespace dialtone::abi {

// The table behind a validated manifest's segments; empty: all clients are served.
std::span<const ClientRange> client_ranges(const Manifest& manifest) noexcept;

constexpr bool begins_before(const IpAddress& address, const ClientRange& range) noexcept {
  return address.high != range.high ? address.high < range.high : address.low < range.low;
}

// `ranges` has passed validate_manifest(): it begins with ::, so every address lies in one.
inline bool is_allowed(std::span<const ClientRange> ranges, const IpAddress& address) noexcept {
  if (ranges.empty()) [[likely]] {
    return true;
  }
  const auto behind = std::upper_bound(ranges.begin(), ranges.end(), address, begins_before);
  return std::prev(behind)->allowed != 0;
}

}  // namespace dialtone::abi
