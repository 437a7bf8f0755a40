// SPDX-License-Identifier: Apache-2.0
//
// The IPv6 header and its extension headers (RFC 8200), parsed within bounds. Addresses of the
// project are IpAddress values; only these structs hold network order.
#pragma once

#include "dataplane/base/bytes.h"
#include "dataplane/base/ip_address.h"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace dialtone::wire {

inline constexpr std::uint16_t kEtherTypeIpv6 = 0x86dd;

inline constexpr std::uint8_t kNextHopByHop = 0;
inline constexpr std::uint8_t kNextRouting = 43;
inline constexpr std::uint8_t kNextFragment = 44;
inline constexpr std::uint8_t kNextIcmpv6 = 58;
inline constexpr std::uint8_t kNextDestination = 60;

struct NetAddress6 {
  std::uint8_t bytes[16];

  IpAddress host() const noexcept {
    std::uint64_t halves[2];
    std::memcpy(halves, bytes, sizeof(halves));
    return {__builtin_bswap64(halves[0]), __builtin_bswap64(halves[1])};
  }
  void set(const IpAddress& address) noexcept {
    const std::uint64_t halves[2] = {__builtin_bswap64(address.high),
                                     __builtin_bswap64(address.low)};
    std::memcpy(bytes, halves, sizeof(halves));
  }
};
static_assert(sizeof(NetAddress6) == 16 && alignof(NetAddress6) == 1);

struct Ipv6Header {
  NetU32 version_class_flow;
  NetU16 payload_length;
  std::uint8_t next_header;
  std::uint8_t hop_limit;
  NetAddress6 source;
  NetAddress6 destination;
};
static_assert(sizeof(Ipv6Header) == 40 && alignof(Ipv6Header) == 1);

struct FragmentHeader {
  std::uint8_t next_header;
  std::uint8_t reserved;
  NetU16 offset_more;  // offset in units of 8 bytes << 3, and the more-fragments bit
  NetU32 id;
};
static_assert(sizeof(FragmentHeader) == 8);

enum class Ipv6Fault : std::uint8_t {
  kNone,
  kMalformed,  // truncated, not version 6, or a length that does not fit
  kExtension,  // an extension header that asks for more than to be skipped, or too many of them
  kFragment,   // a part of a datagram
};

struct Ipv6Packet {
  Ipv6Fault fault;
  const Ipv6Header* header;            // null only with kMalformed
  std::uint8_t protocol;               // behind the extension headers
  bool fragment_is_first_header;       // with kFragment: nothing stands between it and the header
  std::span<const std::byte> payload;  // behind the extension headers, without Ethernet's padding
};

// Hop-by-hop and destination options are skipped when none of them asks to drop what is not
// understood (RFC 8200 4.2), a routing header when no segments are left, a fragment header when it
// is the only fragment (RFC 6946).
Ipv6Packet parse_ipv6(std::span<const std::byte> bytes) noexcept;

// Neither ::, nor ::1, nor multicast, nor an IPv4 address in disguise.
constexpr bool is_unicast_source(const IpAddress& address) noexcept {
  return !address.is_unspecified() && !(address.high == 0 && address.low == 1) &&
         !address.is_multicast_v6() && !address.is_v4();
}

// The sum of the pseudo-header (RFC 8200 8.1), addresses as they stand in the packet.
std::uint64_t pseudo_header_sum(const NetAddress6& source, const NetAddress6& destination,
                                std::uint32_t length, std::uint8_t protocol) noexcept;

}  // namespace dialtone::wire
