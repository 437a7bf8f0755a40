// SPDX-License-Identifier: Apache-2.0
//
// TCP segments (RFC 9293 3.1) of an emulated device: without options, so that each side sends at
// most 536 bytes in one. Pure functions, any thread.
#pragma once

#include "bench/emu/host/frame.h"

namespace dialtone::emu {

enum TcpFlag : std::uint8_t { kFin = 1, kSyn = 2, kReset = 4, kPush = 8, kAck = 16 };

struct Segment {
  IpAddress from{};
  IpAddress to{};
  std::uint16_t from_port = 0;
  std::uint16_t to_port = 0;
  std::uint32_t sequence = 0;
  std::uint32_t acknowledged = 0;  // with kAck
  std::uint8_t flags = 0;
  std::span<const std::byte> payload{};

  bool has(TcpFlag flag) const noexcept { return (flags & flag) != 0; }
};

inline constexpr std::uint8_t kProtocolTcp = 6;
inline constexpr std::size_t kMaxSegment = 536;  // RFC 9293 3.7.1, without an option

// Of `path` MACs and VLAN count. `out` has room for wire::kMaxFrame bytes, the payload has at most
// kMaxSegment. Returns the frame's length.
std::size_t write_tcp(const Path& path, const Segment& segment, std::span<std::byte> out) noexcept;

// Nothing: no TCP, a fragment, or a wrong length or checksum. A checksum that a kernel left to a
// device is right (veth).
std::optional<Segment> parse_tcp(const IpPayload& ip) noexcept;
std::optional<Segment> parse_tcp(const Received& frame) noexcept;

}  // namespace dialtone::emu
