// SPDX-License-Identifier: Apache-2.0
//
// Who a transfer belongs to. Two phones of two VLANs may have one address and one port, and one
// phone may talk to two addresses of ours: all of it is the key. Values; hot.
#pragma once

#include "dataplane/base/ip_address.h"

#include <cstdint>

namespace dialtone::tftp {

struct ClientKey {
  IpAddress address;
  std::uint32_t network = 0;  // the VLANs, and which address of ours it asked (network_of)
  std::uint16_t port = 0;     // never 0 for a client: such a source port is dropped before
  std::uint16_t reserved = 0;

  friend constexpr bool operator==(const ClientKey&, const ClientKey&) = default;
};
static_assert(sizeof(ClientKey) == 24);

// VLAN ids are 0 where there is no tag: a priority tag alone is no VLAN (IEEE 802.1Q).
constexpr std::uint32_t network_of(std::uint16_t outer_vlan, std::uint16_t inner_vlan,
                                   std::uint8_t our_address) noexcept {
  return (outer_vlan & 0xfffu) | (inner_vlan & 0xfffu) << 12 |
         static_cast<std::uint32_t>(our_address) << 24;
}
constexpr std::uint16_t outer_vlan(std::uint32_t network) noexcept {
  return static_cast<std::uint16_t>(network & 0xfff);
}
constexpr std::uint16_t inner_vlan(std::uint32_t network) noexcept {
  return static_cast<std::uint16_t>(network >> 12 & 0xfff);
}
constexpr std::uint8_t our_address(std::uint32_t network) noexcept {
  return static_cast<std::uint8_t>(network >> 24);
}

}  // namespace dialtone::tftp
