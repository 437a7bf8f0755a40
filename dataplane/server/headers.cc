// SPDX-License-Identifier: Apache-2.0
#include "dataplane/server/headers.h"

#include "dataplane/wire/checksum.h"

#include <algorithm>
#include <cstring>

namespace dialtone::server {
namespace {

constexpr std::uint8_t kTimeToLive = 64;

std::uint64_t sum_of(const wire::NetAddress6& address) noexcept {
  return wire::sum_bytes(std::as_bytes(std::span(address.bytes)));
}

wire::Ipv4Header template_v4(std::uint32_t address) noexcept {
  wire::Ipv4Header header{};
  header.version_length = 0x45;
  // RFC 6864: an atomic datagram (DF, no fragment) needs no unique id.
  header.fragment.set(wire::kDontFragment);
  header.time_to_live = kTimeToLive;
  header.source.set(address);
  return header;
}

wire::Ipv6Header template_v6(const IpAddress& address) noexcept {
  wire::Ipv6Header header{};
  header.version_class_flow.set(0x60000000);
  header.hop_limit = kTimeToLive;
  header.source.set(address);
  return header;
}

}  // namespace

HeaderWriter::HeaderWriter(const wire::MacAddress& mac, const OurAddresses& ours,
                           ChecksumOffload offload) noexcept
    : mac_(mac), offload_(offload) {
  for (std::size_t i = 0; i < ours.size(); ++i) {
    Template& known = templates_[i];
    if (ours.at(i).is_v4()) {
      known.v4 = template_v4(ours.at(i).v4());
      known.sum = wire::sum_bytes(std::as_bytes(std::span(&known.v4, 1)));
    } else {
      known.v6 = template_v6(ours.at(i));
      known.sum = sum_of(known.v6.source);
    }
  }
}

std::byte* HeaderWriter::write_link(Frame& frame, const Peer& peer, std::uint16_t type,
                                    std::size_t payload) const noexcept {
  auto& ethernet = *reinterpret_cast<wire::EthernetHeader*>(frame.data);
  ethernet.destination = peer.mac;
  ethernet.source = mac_;
  std::byte* at = frame.data + offsetof(wire::EthernetHeader, ether_type);
  const std::size_t tags = peer.tags.length();
  std::memcpy(at, peer.tags.bytes.data(), tags);
  NetU16 field;
  field.set(type);
  std::memcpy(at + tags, &field, sizeof(field));
  at += tags + sizeof(field);
  frame.l2_length = static_cast<std::uint8_t>(at - frame.data);
  std::size_t length = frame.l2_length + payload;
  if (length < wire::kMinFrame) {
    std::memset(frame.data + length, 0, wire::kMinFrame - length);
    length = wire::kMinFrame;
  }
  frame.length = static_cast<std::uint16_t>(length);
  return at;
}

std::byte* HeaderWriter::write_ipv4(std::byte* at, const Peer& peer, std::uint8_t protocol,
                                    std::size_t payload) const noexcept {
  const Template& known = templates_[peer.ours()];
  auto& header = *reinterpret_cast<wire::Ipv4Header*>(at);
  const auto total = static_cast<std::uint16_t>(sizeof(header) + payload);
  header = known.v4;
  header.total_length.set(total);
  header.protocol = protocol;
  header.destination.set(peer.client.address.v4());
  if (!offload_.ip) {
    // The protocol is the odd byte of its 16-bit word.
    header.checksum.set_raw(wire::finish(
        known.sum + swap16(total) + (std::uint64_t{protocol} << 8) + header.destination.raw()));
  }
  return at;
}

std::byte* HeaderWriter::write_ipv6(std::byte* at, const Peer& peer, std::uint8_t protocol,
                                    std::size_t payload) const noexcept {
  auto& header = *reinterpret_cast<wire::Ipv6Header*>(at);
  header = templates_[peer.ours()].v6;
  header.payload_length.set(static_cast<std::uint16_t>(payload));
  header.next_header = protocol;
  header.destination.set(peer.client.address);
  return at;
}

std::byte* HeaderWriter::write_ip(Frame& frame, const Peer& peer, std::uint8_t protocol,
                                  std::size_t payload) const noexcept {
  if (peer.client.address.is_v4()) [[likely]] {
    frame.l3_length = sizeof(wire::Ipv4Header);
    std::byte* at =
        write_link(frame, peer, wire::kEtherTypeIpv4, sizeof(wire::Ipv4Header) + payload);
    return write_ipv4(at, peer, protocol, payload);
  }
  frame.l3_length = sizeof(wire::Ipv6Header);
  std::byte* at = write_link(frame, peer, wire::kEtherTypeIpv6, sizeof(wire::Ipv6Header) + payload);
  return write_ipv6(at, peer, protocol, payload);
}

void HeaderWriter::allow_fragments(Frame& frame, const Peer& peer,
                                   std::uint16_t id) const noexcept {
  if (!peer.client.address.is_v4()) {
    return;
  }
  auto& header = *reinterpret_cast<wire::Ipv4Header*>(frame.data + frame.l2_length);
  header.id.set(id);
  header.fragment.set(0);
  if (!offload_.ip) {
    header.checksum.set_raw(0);
    header.checksum.set_raw(wire::finish(wire::sum_bytes(std::as_bytes(std::span(&header, 1)))));
  }
}

void HeaderWriter::write_udp(Frame& frame, const Peer& peer, std::uint16_t server_port,
                             std::size_t length, std::uint64_t sum) const noexcept {
  const auto udp_length = static_cast<std::uint16_t>(sizeof(wire::UdpHeader) + length);
  const std::byte* ip = write_ip(frame, peer, wire::kProtocolUdp, udp_length);
  std::uint64_t pseudo;
  if (peer.client.address.is_v4()) [[likely]] {
    const auto& header = *reinterpret_cast<const wire::Ipv4Header*>(ip);
    pseudo = wire::pseudo_header_sum(header.source.raw(), header.destination.raw(), udp_length);
  } else {
    const auto& header = *reinterpret_cast<const wire::Ipv6Header*>(ip);
    pseudo = templates_[peer.ours()].sum + sum_of(header.destination) + swap16(udp_length) +
             swap16(wire::kProtocolUdp);
  }
  auto& udp = *reinterpret_cast<wire::UdpHeader*>(frame.data + ip_payload_at(peer));
  udp.source_port.set(server_port);
  udp.destination_port.set(peer.client.port);
  udp.length.set(udp_length);
  udp.checksum.set_raw(offload_.udp
                           ? wire::fold(pseudo)
                           : wire::finish_udp(pseudo + udp.source_port.raw() +
                                              udp.destination_port.raw() + udp.length.raw() + sum));
}

}  // namespace dialtone::server
