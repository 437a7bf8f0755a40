// SPDX-License-Identifier: Apache-2.0
//
// What a host says of a UDP packet to a port where nobody listens: ICMP type 3 code 3 (RFC 792) and
// ICMPv6 type 1 code 4 (RFC 4443 3.1) quote the packet from its IP header on. Pure functions.
#pragma once

#include "dataplane/base/ip_address.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace dialtone::wire {

// Where the quoted packet came from and went to.
struct QuotedUdp {
  IpAddress source;
  IpAddress destination;
  std::uint16_t source_port;
  std::uint16_t destination_port;
};

// `message` is an ICMP message whose checksum is right. Nothing when it says something else.
std::optional<QuotedUdp> port_unreachable(std::span<const std::byte> message) noexcept;
std::optional<QuotedUdp> port_unreachable_v6(std::span<const std::byte> message) noexcept;

}  // namespace dialtone::wire
