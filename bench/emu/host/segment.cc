// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/host/segment.h"

#include "dataplane/base/check.h"
#include "dataplane/wire/checksum.h"
#include "dataplane/wire/ethernet.h"

#include <algorithm>
#include <cstring>

namespace dialtone::emu {
namespace {

constexpr std::uint16_t kWindow = 8192;  // bytes that a device takes at once

struct TcpHeader {
  NetU16 source_port;
  NetU16 destination_port;
  NetU32 sequence;
  NetU32 acknowledged;
  std::uint8_t offset;  // its length in 32-bit words, in the upper four bits
  std::uint8_t flags;
  NetU16 window;
  NetU16 checksum;
  NetU16 urgent;
};
static_assert(sizeof(TcpHeader) == 20);

}  // namespace

std::size_t write_tcp(const Path& path, const Segment& segment, std::span<std::byte> out) noexcept {
  DIALTONE_CHECK(out.size() >= wire::kMaxFrame && segment.payload.size() <= kMaxSegment);
  TcpHeader tcp{};
  tcp.source_port.set(segment.from_port);
  tcp.destination_port.set(segment.to_port);
  tcp.sequence.set(segment.sequence);
  tcp.acknowledged.set(segment.acknowledged);
  tcp.offset = sizeof(tcp) / 4 << 4;
  tcp.flags = segment.flags;
  tcp.window.set(kWindow);
  const auto length = static_cast<std::uint16_t>(sizeof(tcp) + segment.payload.size());
  tcp.checksum.set_raw(wire::finish(pseudo_sum(segment.from, segment.to, kProtocolTcp, length) +
                                    wire::sum_bytes(std::as_bytes(std::span(&tcp, 1))) +
                                    wire::sum_bytes(segment.payload)));
  Path to = path;
  to.from = segment.from;
  to.to = segment.to;
  std::span<std::byte> rest = append_headers(to, kProtocolTcp, length, out);
  std::memcpy(rest.data(), &tcp, sizeof(tcp));
  rest = rest.subspan(sizeof(tcp));
  std::copy(segment.payload.begin(), segment.payload.end(), rest.begin());
  return padded(out, rest.subspan(segment.payload.size()));
}

std::optional<Segment> parse_tcp(const IpPayload& ip) noexcept {
  if (ip.protocol != kProtocolTcp || ip.bytes.size() < sizeof(TcpHeader)) {
    return std::nullopt;
  }
  TcpHeader tcp;
  std::memcpy(&tcp, ip.bytes.data(), sizeof(tcp));
  const std::size_t header = static_cast<std::size_t>(tcp.offset >> 4) * 4;
  if (header < sizeof(tcp) || header > ip.bytes.size()) {
    return std::nullopt;
  }
  const std::uint64_t pseudo =
      pseudo_sum(ip.from, ip.to, kProtocolTcp, static_cast<std::uint16_t>(ip.bytes.size()));
  const bool is_partial = tcp.checksum.raw() == wire::fold(pseudo);
  if (!is_partial && !wire::is_valid(pseudo + wire::sum_bytes(ip.bytes))) {
    return std::nullopt;
  }
  return Segment{ip.from,
                 ip.to,
                 tcp.source_port.host(),
                 tcp.destination_port.host(),
                 tcp.sequence.host(),
                 tcp.acknowledged.host(),
                 tcp.flags,
                 ip.bytes.subspan(header)};
}

std::optional<Segment> parse_tcp(const Received& frame) noexcept {
  const auto ip = parse_ip(frame);
  return ip ? parse_tcp(*ip) : std::nullopt;
}

}  // namespace dialtone::emu
