// SPDX-License-Identifier: Apache-2.0
//
// VLAN tags between a frame's MAC addresses and its type: none, one (IEEE 802.1Q), or two (802.1ad,
// "QinQ"). A reply carries the tags of its request, priority bits included. Values; hot.
#pragma once

#include "dataplane/base/bytes.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace dialtone::wire {

inline constexpr std::uint16_t kTagCustomer = 0x8100;  // 802.1Q
inline constexpr std::uint16_t kTagService = 0x88a8;   // 802.1ad
inline constexpr std::uint16_t kTagOldService = 0x9100;

inline constexpr std::size_t kTagLength = 4;
inline constexpr std::size_t kMaxTags = 2;

constexpr bool is_tag(std::uint16_t ether_type) noexcept {
  return ether_type == kTagCustomer || ether_type == kTagService || ether_type == kTagOldService;
}

// The tags as a frame has them, outermost first, zeros behind. No tag begins with a zero.
struct VlanTags {
  std::array<std::uint8_t, kMaxTags * kTagLength> bytes{};

  std::size_t length() const noexcept {
    return (bytes[0] != 0 ? kTagLength : 0) + (bytes[kTagLength] != 0 ? kTagLength : 0);
  }
  // The VLAN of a tag; 0 where there is none, and with a tag that only gives a priority.
  std::uint16_t id(std::size_t tag) const noexcept {
    const std::size_t at = tag * kTagLength + 2;
    return static_cast<std::uint16_t>((bytes[at] << 8 | bytes[at + 1]) & 0xfff);
  }
};
static_assert(sizeof(VlanTags) == 8 && alignof(VlanTags) == 1);

}  // namespace dialtone::wire
