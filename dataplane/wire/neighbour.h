// SPDX-License-Identifier: Apache-2.0
//
// Neighbour discovery (RFC 4861): solicitations and advertisements as they arrive, checked, and as
// they are sent. Pure functions.
#pragma once

#include "dataplane/wire/icmpv6.h"
#include "dataplane/wire/ipv6.h"
#include "dataplane/wire/mac_address.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace dialtone::wire {

inline constexpr std::uint8_t kNeighbourHopLimit = 255;  // nobody beyond a router can have sent it

// What a solicitation or an advertisement begins with; options follow.
struct NeighbourMessage {
  std::uint8_t type;
  std::uint8_t code;
  NetU16 checksum;
  std::uint8_t flags;  // of an advertisement
  std::uint8_t reserved[3];
  NetAddress6 target;
};
static_assert(sizeof(NeighbourMessage) == 24 && alignof(NeighbourMessage) == 1);

inline constexpr std::uint8_t kAdvertisementSolicited = 0x40;
inline constexpr std::uint8_t kAdvertisementOverride = 0x20;

// With one option, the sender's MAC.
inline constexpr std::size_t kNeighbourWithMac = sizeof(NeighbourMessage) + 8;

// The target of a message that RFC 4861 7.1 allows (hop limit, code, length of each option, no
// MAC option in a probe from ::), whose checksum is right already; nothing of any other.
std::optional<IpAddress> solicited_target(const Ipv6Header& ip,
                                          std::span<const std::byte> message) noexcept;
std::optional<IpAddress> advertised_target(const Ipv6Header& ip,
                                           std::span<const std::byte> message) noexcept;

// ff02::1:ffXX:XXXX, where a solicitation for an address goes to, and ff02::1, all nodes.
constexpr IpAddress solicited_node(const IpAddress& address) noexcept {
  return {0xff02000000000000, 0x1ff000000 | (address.low & 0xffffff)};
}
inline constexpr IpAddress kAllNodes{0xff02000000000000, 1};

// The MAC of a multicast address (RFC 2464 section 7).
constexpr MacAddress multicast_mac(const IpAddress& group) noexcept {
  return {{0x33, 0x33, static_cast<std::uint8_t>(group.low >> 24),
           static_cast<std::uint8_t>(group.low >> 16), static_cast<std::uint8_t>(group.low >> 8),
           static_cast<std::uint8_t>(group.low)}};
}

// The link-local address that a MAC gives (RFC 4291 appendix A).
constexpr IpAddress link_local_of(const MacAddress& mac) noexcept {
  const auto& b = mac.bytes;
  return {0xfe80000000000000, (std::uint64_t{b[0]} ^ 2) << 56 | std::uint64_t{b[1]} << 48 |
                                  std::uint64_t{b[2]} << 40 | 0xfffe000000 |
                                  std::uint64_t{b[3]} << 16 | std::uint64_t{b[4]} << 8 | b[5]};
}

// Writes a message behind an IPv6 header that has its addresses; returns its length. The probe of
// duplicate address detection (RFC 4862 5.4.2) carries no MAC.
std::size_t write_probe(Ipv6Header& ip, const IpAddress& target) noexcept;
std::size_t write_advertisement(Ipv6Header& ip, const IpAddress& target, const MacAddress& mac,
                                bool solicited) noexcept;

}  // namespace dialtone::wire
