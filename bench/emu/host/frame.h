// SPDX-License-Identifier: Apache-2.0
//
// Frames of an emulated device, and what arrives for it. IPv4 and IPv6, with at most one tag: a
// phone's voice VLAN. Pure functions, any thread.
#pragma once

#include "dataplane/base/ip_address.h"
#include "dataplane/wire/mac_address.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace dialtone::wire {
struct Ipv6Header;
}

namespace dialtone::emu {

// Where a datagram or a segment comes from and goes to; both addresses are of one family.
struct Path {
  wire::MacAddress from_mac{};
  wire::MacAddress to_mac{};
  std::optional<std::uint16_t> vlan{};
  IpAddress from{};
  IpAddress to{};
  std::uint16_t from_port = 0;
  std::uint16_t to_port = 0;
};

// Ethernet, with a tag in a VLAN, in front of `payload`; padded with zeros to the least frame.
// Returns its length. Of the path only MACs and VLAN count; `out` has room for it.
std::size_t write_ethernet(const Path& path, std::uint16_t ether_type,
                           std::span<const std::byte> payload, std::span<std::byte> out) noexcept;

// Ethernet and IP in front of `length` bytes of `protocol`; what is left of `out` behind them.
std::span<std::byte> append_headers(const Path& path, std::uint8_t protocol, std::uint16_t length,
                                    std::span<std::byte> out) noexcept;
// The length of a frame of which `rest` is left, padded with zeros to the least one.
std::size_t padded(std::span<std::byte> frame, std::span<std::byte> rest) noexcept;
// Of the pseudo-header, for checksums (RFC 768, RFC 8200 8.1).
std::uint64_t pseudo_sum(const IpAddress& from, const IpAddress& to, std::uint8_t protocol,
                         std::uint16_t length) noexcept;

inline constexpr std::size_t kMaxPayload = 1452;  // over IPv6, without fragments

// Writes the frame, at least of wire::kMinFrame bytes; returns its length. `out` has room for
// wire::kMaxFrame bytes, `payload` at most kMaxPayload.
std::size_t write_udp(const Path& path, std::span<const std::byte> payload,
                      std::span<std::byte> out) noexcept;

// What stands behind Ethernet and the tag.
struct Received {
  wire::MacAddress from_mac{};
  wire::MacAddress to_mac{};
  std::optional<std::uint16_t> vlan{};
  std::uint16_t ether_type = 0;
  std::span<const std::byte> payload{};
};
// Nothing: it is too short, or has a second tag.
std::optional<Received> parse_frame(std::span<const std::byte> frame) noexcept;

// What stands behind IP.
struct IpPayload {
  IpAddress from{};  // both are of the packet's family
  IpAddress to{};
  std::uint8_t protocol = 0;
  std::span<const std::byte> bytes{};
  const wire::Ipv6Header* header6 = nullptr;  // in the frame; null over IPv4
};
// Nothing: a fragment, no sound IP, or an IPv6 packet with an address of IPv4, which no link has.
std::optional<IpPayload> parse_ip(const Received& frame) noexcept;

struct Datagram {
  IpAddress from{};
  IpAddress to{};
  std::uint16_t from_port = 0;
  std::uint16_t to_port = 0;
  std::span<const std::byte> payload{};
};
// Nothing: no UDP, a fragment, or a wrong length or checksum. A checksum that a kernel left to a
// device is right (veth), and so is none over IPv4.
std::optional<Datagram> parse_udp(const IpPayload& ip) noexcept;
std::optional<Datagram> parse_udp(const Received& frame) noexcept;

}  // namespace dialtone::emu
