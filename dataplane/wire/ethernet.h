// SPDX-License-Identifier: Apache-2.0
//
// The Ethernet II header. Lengths are without the frame check sequence, which no driver shows.
#pragma once

#include "dataplane/base/bytes.h"
#include "dataplane/wire/mac_address.h"

#include <cstddef>
#include <cstdint>

namespace dialtone::wire {

inline constexpr std::uint16_t kEtherTypeIpv4 = 0x0800;
inline constexpr std::uint16_t kEtherTypeArp = 0x0806;

inline constexpr std::size_t kMinFrame = 60;    // shorter frames are padded with zeros
inline constexpr std::size_t kMaxFrame = 1522;  // header, two VLAN tags and an MTU of 1500

struct EthernetHeader {
  MacAddress destination;
  MacAddress source;
  NetU16 ether_type;
};
static_assert(sizeof(EthernetHeader) == 14 && alignof(EthernetHeader) == 1);

}  // namespace dialtone::wire
