// SPDX-License-Identifier: Apache-2.0
//
// What others say of a UDP packet that we sent, quoting it from its IP header on. The host that it
// was for: nobody listens at that port (ICMP type 3 code 3, RFC 792; ICMPv6 type 1 code 4, RFC 4443
// 3.1). A router on the way: the next link carries less (type 3 code 4, RFC 1191; type 2, RFC 4443
// 3.2). Pure functions.
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
  std::uint16_t length;                // as its UDP header says: with that header
  std::span<const std::byte> payload;  // as much as is quoted: of old routers nothing
};

struct TooBig {
  QuotedUdp packet;
  std::uint32_t mtu;  // of the next link; over IPv4 0 where the router is older than RFC 1191
};

// `message` is an ICMP message whose checksum is right. Nothing when it says something else.
std::optional<QuotedUdp> port_unreachable(std::span<const std::byte> message) noexcept;
std::optional<QuotedUdp> port_unreachable_v6(std::span<const std::byte> message) noexcept;
std::optional<TooBig> packet_too_big(std::span<const std::byte> message) noexcept;
std::optional<TooBig> packet_too_big_v6(std::span<const std::byte> message) noexcept;

}  // namespace dialtone::wire
