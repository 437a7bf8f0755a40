// SPDX-License-Identifier: Apache-2.0
//
// The UDP header (RFC 768) and the check of a received checksum.
#pragma once

#include "dataplane/base/bytes.h"
#include "dataplane/wire/ipv4.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace dialtone::wire {

struct UdpHeader {
  NetU16 source_port;
  NetU16 destination_port;
  NetU16 length;
  NetU16 checksum;
};
static_assert(sizeof(UdpHeader) == 8 && alignof(UdpHeader) == 1);

enum class UdpChecksum : std::uint8_t {
  kValid,
  kNone,     // zero: the sender made none, which IPv4 allows and IPv6 does not (RFC 8200 8.1)
  kPartial,  // holds only the pseudo-header's sum: a kernel that left the rest to a device
  kWrong,
};

struct UdpDatagram {
  const UdpHeader* header;  // null: truncated, or a length that does not fit
  std::span<const std::byte> payload;
};

// What the header says, for the pseudo-header; 0 when there is not all of it.
inline std::uint16_t udp_length(std::span<const std::byte> bytes) noexcept {
  return bytes.size() < sizeof(UdpHeader)
             ? std::uint16_t{0}
             : reinterpret_cast<const UdpHeader*>(bytes.data())->length.host();
}

UdpDatagram parse_udp(std::span<const std::byte> bytes) noexcept;

// The sum of the pseudo-header of a datagram of `length` bytes, addresses in network order.
constexpr std::uint64_t pseudo_header_sum(std::uint32_t source, std::uint32_t destination,
                                          std::uint16_t length) noexcept {
  return std::uint64_t{source} + destination + swap16(kProtocolUdp) + swap16(length);
}

// `pseudo` is the pseudo-header's sum.
UdpChecksum check_udp(std::uint64_t pseudo, const UdpDatagram& datagram) noexcept;

}  // namespace dialtone::wire
