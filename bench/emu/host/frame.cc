// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/host/frame.h"

#include "dataplane/base/check.h"
#include "dataplane/wire/checksum.h"
#include "dataplane/wire/ethernet.h"
#include "dataplane/wire/ipv4.h"
#include "dataplane/wire/ipv6.h"
#include "dataplane/wire/udp.h"
#include "dataplane/wire/vlan.h"

#include <algorithm>
#include <cstring>

namespace dialtone::emu {
namespace {

constexpr std::uint8_t kHops = 64;

template <typename Header>
std::span<const std::byte> bytes_of(const Header& header) noexcept {
  return std::as_bytes(std::span(&header, 1));
}

std::span<std::byte> append(std::span<std::byte> out, std::span<const std::byte> bytes) noexcept {
  std::ranges::copy(bytes, out.begin());  // of nothing too: memcpy() may not be given no address
  return out.subspan(bytes.size());
}

std::span<std::byte> append_ethernet(const Path& path, std::uint16_t ether_type,
                                     std::span<std::byte> out) noexcept {
  wire::EthernetHeader ethernet{path.to_mac, path.from_mac, {}};
  ethernet.ether_type.set(path.vlan ? wire::kTagCustomer : ether_type);
  out = append(out, bytes_of(ethernet));
  if (path.vlan) {
    NetU16 tag[2];
    tag[0].set(*path.vlan);
    tag[1].set(ether_type);
    out = append(out, std::as_bytes(std::span(tag)));
  }
  return out;
}

std::span<std::byte> append_ipv4(const Path& path, std::uint8_t protocol, std::uint16_t length,
                                 std::span<std::byte> out) noexcept {
  wire::Ipv4Header ip{};
  ip.version_length = 0x45;
  ip.total_length.set(static_cast<std::uint16_t>(sizeof(ip) + length));
  ip.time_to_live = kHops;
  ip.protocol = protocol;
  ip.source.set(path.from.v4());
  ip.destination.set(path.to.v4());
  ip.checksum.set_raw(wire::finish(wire::sum_bytes(bytes_of(ip))));
  return append(out, bytes_of(ip));
}

std::span<std::byte> append_ipv6(const Path& path, std::uint8_t protocol, std::uint16_t length,
                                 std::span<std::byte> out) noexcept {
  wire::Ipv6Header ip{};
  ip.version_class_flow.set(std::uint32_t{6} << 28);
  ip.payload_length.set(length);
  ip.next_header = protocol;
  ip.hop_limit = kHops;
  ip.source.set(path.from);
  ip.destination.set(path.to);
  return append(out, bytes_of(ip));
}

}  // namespace

std::span<std::byte> append_headers(const Path& path, std::uint8_t protocol, std::uint16_t length,
                                    std::span<std::byte> out) noexcept {
  DIALTONE_CHECK(path.from.is_v4() == path.to.is_v4());
  const bool is_v4 = path.from.is_v4();
  out = append_ethernet(path, is_v4 ? wire::kEtherTypeIpv4 : wire::kEtherTypeIpv6, out);
  return is_v4 ? append_ipv4(path, protocol, length, out)
               : append_ipv6(path, protocol, length, out);
}

std::size_t padded(std::span<std::byte> frame, std::span<std::byte> rest) noexcept {
  const std::size_t length = frame.size() - rest.size();
  if (length < wire::kMinFrame) {
    std::fill_n(rest.begin(), wire::kMinFrame - length, std::byte{0});
  }
  return std::max(length, wire::kMinFrame);
}

std::uint64_t pseudo_sum(const IpAddress& from, const IpAddress& to, std::uint8_t protocol,
                         std::uint16_t length) noexcept {
  if (from.is_v4()) {
    return std::uint64_t{swap32(from.v4())} + swap32(to.v4()) + swap16(protocol) + swap16(length);
  }
  wire::NetAddress6 source;
  wire::NetAddress6 destination;
  source.set(from);
  destination.set(to);
  return wire::pseudo_header_sum(source, destination, length, protocol);
}

std::size_t write_ethernet(const Path& path, std::uint16_t ether_type,
                           std::span<const std::byte> payload, std::span<std::byte> out) noexcept {
  return padded(out, append(append_ethernet(path, ether_type, out), payload));
}

std::size_t write_udp(const Path& path, std::span<const std::byte> payload,
                      std::span<std::byte> out) noexcept {
  DIALTONE_CHECK(out.size() >= wire::kMaxFrame && payload.size() <= kMaxPayload);
  const auto length = static_cast<std::uint16_t>(sizeof(wire::UdpHeader) + payload.size());
  wire::UdpHeader udp{};
  udp.source_port.set(path.from_port);
  udp.destination_port.set(path.to_port);
  udp.length.set(length);
  udp.checksum.set_raw(wire::finish_udp(pseudo_sum(path.from, path.to, wire::kProtocolUdp, length) +
                                        wire::sum_bytes(bytes_of(udp)) + wire::sum_bytes(payload)));
  const auto rest = append_headers(path, wire::kProtocolUdp, length, out);
  return padded(out, append(append(rest, bytes_of(udp)), payload));
}

std::optional<Received> parse_frame(std::span<const std::byte> frame) noexcept {
  if (frame.size() < sizeof(wire::EthernetHeader)) {
    return std::nullopt;
  }
  wire::EthernetHeader ethernet;
  std::memcpy(&ethernet, frame.data(), sizeof(ethernet));
  Received received{ethernet.source, ethernet.destination, std::nullopt, ethernet.ether_type.host(),
                    frame.subspan(sizeof(ethernet))};
  if (wire::is_tag(received.ether_type)) {
    NetU16 tag[2];
    if (received.payload.size() < sizeof(tag)) {
      return std::nullopt;
    }
    std::memcpy(tag, received.payload.data(), sizeof(tag));
    received.vlan = static_cast<std::uint16_t>(tag[0].host() & 0xfff);
    received.ether_type = tag[1].host();
    received.payload = received.payload.subspan(sizeof(tag));
  }
  return wire::is_tag(received.ether_type) ? std::nullopt : std::optional(received);
}

std::optional<IpPayload> parse_ip(const Received& frame) noexcept {
  if (frame.ether_type == wire::kEtherTypeIpv4) {
    const wire::Ipv4Packet ip = wire::parse_ipv4(frame.payload);
    if (ip.fault != wire::Ipv4Fault::kNone) {
      return std::nullopt;
    }
    return IpPayload{IpAddress::from_v4(ip.header->source.host()),
                     IpAddress::from_v4(ip.header->destination.host()), ip.header->protocol,
                     ip.payload};
  }
  if (frame.ether_type == wire::kEtherTypeIpv6) {
    const wire::Ipv6Packet ip = wire::parse_ipv6(frame.payload);
    if (ip.fault != wire::Ipv6Fault::kNone) {
      return std::nullopt;
    }
    const IpPayload payload{ip.header->source.host(), ip.header->destination.host(), ip.protocol,
                            ip.payload, ip.header};
    return payload.from.is_v4() || payload.to.is_v4() ? std::nullopt : std::optional(payload);
  }
  return std::nullopt;
}

std::optional<Datagram> parse_udp(const IpPayload& ip) noexcept {
  const wire::UdpDatagram udp =
      ip.protocol == wire::kProtocolUdp ? wire::parse_udp(ip.bytes) : wire::UdpDatagram{};
  if (udp.header == nullptr) {
    return std::nullopt;
  }
  const wire::UdpChecksum checksum = wire::check_udp(
      pseudo_sum(ip.from, ip.to, wire::kProtocolUdp, wire::udp_length(ip.bytes)), udp);
  const bool may_lack_checksum = ip.from.is_v4();
  if (checksum == wire::UdpChecksum::kWrong ||
      (checksum == wire::UdpChecksum::kNone && !may_lack_checksum)) {
    return std::nullopt;
  }
  return Datagram{ip.from, ip.to, udp.header->source_port.host(),
                  udp.header->destination_port.host(), udp.payload};
}

std::optional<Datagram> parse_udp(const Received& frame) noexcept {
  const auto ip = parse_ip(frame);
  return ip ? parse_udp(*ip) : std::nullopt;
}

}  // namespace dialtone::emu
