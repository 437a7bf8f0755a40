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

namespace dialtone::emu {

// Where a UDP datagram comes from and goes to; both addresses are of one family.
struct UdpPath {
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
std::size_t write_ethernet(const UdpPath& path, std::uint16_t ether_type,
                           std::span<const std::byte> payload, std::span<std::byte> out) noexcept;

inline constexpr std::size_t kMaxPayload = 1452;  // over IPv6, without fragments

// Writes the frame, at least of wire::kMinFrame bytes; returns its length. `out` has room for
// wire::kMaxFrame bytes, `payload` at most kMaxPayload.
std::size_t write_udp(const UdpPath& path, std::span<const std::byte> payload,
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

struct Datagram {
  IpAddress from{};
  IpAddress to{};
  std::uint16_t from_port = 0;
  std::uint16_t to_port = 0;
  std::span<const std::byte> payload{};
};
// Nothing: no UDP, a fragment, or a wrong length or checksum. A checksum that a kernel left to a
// device is right (veth), and so is none over IPv4.
std::optional<Datagram> parse_udp(const Received& frame) noexcept;

}  // namespace dialtone::emu
