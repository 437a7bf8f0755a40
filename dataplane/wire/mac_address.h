// SPDX-License-Identifier: Apache-2.0
//
// A 48-bit Ethernet address as it stands in a frame. A value; no text form here.
#pragma once

#include <array>
#include <cstdint>

namespace dialtone::wire {

struct MacAddress {
  std::array<std::uint8_t, 6> bytes;

  // Multicast and broadcast addresses: never a sender.
  constexpr bool is_group() const noexcept { return (bytes[0] & 1) != 0; }

  friend constexpr bool operator==(const MacAddress&, const MacAddress&) = default;
};
static_assert(sizeof(MacAddress) == 6 && alignof(MacAddress) == 1);

inline constexpr MacAddress kBroadcastMac{{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}};

}  // namespace dialtone::wire
