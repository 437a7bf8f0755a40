// SPDX-License-Identifier: Apache-2.0
#include "dataplane/wire/icmp_error.h"

#include "dataplane/wire/icmpv6.h"
#include "dataplane/wire/ipv4.h"
#include "dataplane/wire/udp.h"

#include <cstring>

namespace dialtone::wire {
namespace {

constexpr std::uint8_t kUnreachable = 3;
constexpr std::uint8_t kPortUnreachable = 3;
constexpr std::uint8_t kFragmentationNeeded = 4;

// The packet behind the 8 bytes of a message of this type and code; empty when it is another.
std::span<const std::byte> quotation(std::span<const std::byte> message, std::uint8_t type,
                                     std::uint8_t code) noexcept {
  if (message.size() < sizeof(IcmpHeader)) {
    return {};
  }
  const auto* header = reinterpret_cast<const IcmpHeader*>(message.data());
  return header->type == type && header->code == code ? message.subspan(sizeof(IcmpHeader))
                                                      : std::span<const std::byte>();
}

std::optional<QuotedUdp> with_ports(const IpAddress& source, const IpAddress& destination,
                                    std::span<const std::byte> udp) noexcept {
  if (udp.size() < sizeof(UdpHeader)) {
    return std::nullopt;
  }
  const auto* header = reinterpret_cast<const UdpHeader*>(udp.data());
  return QuotedUdp{source,
                   destination,
                   header->source_port.host(),
                   header->destination_port.host(),
                   header->length.host(),
                   udp.subspan(sizeof(UdpHeader))};
}

// Its length and checksum may have changed on the way, and most of it is cut off.
std::optional<QuotedUdp> quoted_v4(std::span<const std::byte> packet) noexcept {
  if (packet.size() < sizeof(Ipv4Header)) {
    return std::nullopt;
  }
  const auto* header = reinterpret_cast<const Ipv4Header*>(packet.data());
  const std::size_t length = header->header_length();
  constexpr std::uint16_t kOffset = 0x1fff;
  if (header->version_length >> 4 != 4 || length < sizeof(Ipv4Header) || length > packet.size() ||
      header->protocol != kProtocolUdp || (header->fragment.host() & kOffset) != 0) {
    return std::nullopt;
  }
  return with_ports(IpAddress::from_v4(header->source.host()),
                    IpAddress::from_v4(header->destination.host()), packet.subspan(length));
}

// We send no extension headers.
std::optional<QuotedUdp> quoted_v6(std::span<const std::byte> packet) noexcept {
  if (packet.size() < sizeof(Ipv6Header)) {
    return std::nullopt;
  }
  const auto* header = reinterpret_cast<const Ipv6Header*>(packet.data());
  if (header->version_class_flow.host() >> 28 != 6 || header->next_header != kProtocolUdp) {
    return std::nullopt;
  }
  return with_ports(header->source.host(), header->destination.host(),
                    packet.subspan(sizeof(Ipv6Header)));
}

}  // namespace

std::optional<QuotedUdp> port_unreachable(std::span<const std::byte> message) noexcept {
  return quoted_v4(quotation(message, kUnreachable, kPortUnreachable));
}

std::optional<QuotedUdp> port_unreachable_v6(std::span<const std::byte> message) noexcept {
  return quoted_v6(quotation(message, kIcmpv6Unreachable, kIcmpv6PortUnreachable));
}

std::optional<TooBig> packet_too_big(std::span<const std::byte> message) noexcept {
  const auto packet = quoted_v4(quotation(message, kUnreachable, kFragmentationNeeded));
  if (!packet) {
    return std::nullopt;
  }
  // Where an echo has its sequence number (RFC 1191 section 4).
  const auto* header = reinterpret_cast<const IcmpHeader*>(message.data());
  return TooBig{*packet, header->sequence.host()};
}

std::optional<TooBig> packet_too_big_v6(std::span<const std::byte> message) noexcept {
  const auto packet = quoted_v6(quotation(message, kIcmpv6TooBig, 0));
  if (!packet) {
    return std::nullopt;
  }
  NetU32 mtu;
  std::memcpy(&mtu, message.data() + offsetof(IcmpHeader, id), sizeof(mtu));
  return TooBig{*packet, mtu.host()};
}

}  // namespace dialtone::wire
