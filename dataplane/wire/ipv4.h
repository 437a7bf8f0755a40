// SPDX-License-Identifier: Apache-2.0
//
// The IPv4 header (RFC 791) and its checks. Addresses of the project are in host order; only these
// structs hold network order.
#pragma once

#include "dataplane/base/bytes.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace dialtone::wire {

inline constexpr std::uint8_t kProtocolIcmp = 1;
inline constexpr std::uint8_t kProtocolUdp = 17;

inline constexpr std::uint16_t kDontFragment = 0x4000;
inline constexpr std::uint16_t kFragmentMask = 0x3fff;  // more-fragments and the offset

struct Ipv4Header {
  std::uint8_t version_length;  // 4 and the header's length in 32-bit words
  std::uint8_t service;
  NetU16 total_length;
  NetU16 id;
  NetU16 fragment;
  std::uint8_t time_to_live;
  std::uint8_t protocol;
  NetU16 checksum;
  NetU32 source;
  NetU32 destination;

  constexpr std::size_t header_length() const noexcept { return (version_length & 15u) * 4u; }
  constexpr bool is_fragment() const noexcept { return (fragment.host() & kFragmentMask) != 0; }
};
static_assert(sizeof(Ipv4Header) == 20 && alignof(Ipv4Header) == 1);

enum class Ipv4Fault : std::uint8_t {
  kNone,
  kMalformed,  // truncated, not version 4, or a length that does not fit
  kChecksum,
  kFragment,
};

struct Ipv4Packet {
  Ipv4Fault fault;
  const Ipv4Header* header;            // kNone and kFragment
  std::span<const std::byte> payload;  // behind the options, without Ethernet's padding
};

// Parses what follows the Ethernet header. Options are skipped, within bounds.
Ipv4Packet parse_ipv4(std::span<const std::byte> bytes) noexcept;

// 0/8, 127/8, multicast, reserved, broadcast: never the address of a host that may ask us.
constexpr bool is_unicast_source(std::uint32_t address) noexcept {
  return address >> 24 != 0 && address >> 24 != 127 && address < 0xe0000000;
}

}  // namespace dialtone::wire
