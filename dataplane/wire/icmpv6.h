// SPDX-License-Identifier: Apache-2.0
//
// ICMPv6 (RFC 4443): echo, and the checksum that all of its messages carry. Pure functions.
#pragma once

#include "dataplane/wire/icmp.h"
#include "dataplane/wire/ipv6.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace dialtone::wire {

inline constexpr std::uint8_t kIcmpv6Unreachable = 1;
inline constexpr std::uint8_t kIcmpv6PortUnreachable = 4;  // a code of it
inline constexpr std::uint8_t kIcmpv6TooBig = 2;
inline constexpr std::uint8_t kIcmpv6EchoRequest = 128;
inline constexpr std::uint8_t kIcmpv6EchoReply = 129;
inline constexpr std::uint8_t kNeighbourSolicitation = 135;
inline constexpr std::uint8_t kNeighbourAdvertisement = 136;

// Long enough for a header, and with a right checksum. `ip` is the header in front of it.
bool is_sound_icmpv6(const Ipv6Header& ip, std::span<const std::byte> message) noexcept;

// Sets the checksum of a message between two addresses.
void finish_icmpv6(const NetAddress6& source, const NetAddress6& destination,
                   std::span<std::byte> message) noexcept;

}  // namespace dialtone::wire
