// SPDX-License-Identifier: Apache-2.0
#include "dataplane/server/reply.h"

#include "dataplane/base/check.h"
#include "dataplane/tftp/message.h"
#include "dataplane/tftp/negotiation.h"
#include "dataplane/wire/arp.h"
#include "dataplane/wire/checksum.h"
#include "dataplane/wire/icmp.h"

#include <cstring>

namespace dialtone::server {
namespace {

constexpr std::uint8_t kTimeToLive = 64;

template <typename Header>
std::span<const std::byte> bytes_of(const Header& header) noexcept {
  return std::as_bytes(std::span(&header, 1));
}

}  // namespace

ReplyWriter::ReplyWriter(const wire::MacAddress& mac, std::uint32_t address,
                         ChecksumOffload offload) noexcept
    : offload_(offload) {
  template_.ethernet.source = mac;
  template_.ethernet.ether_type.set(wire::kEtherTypeIpv4);
  template_.ip.version_length = 0x45;
  // RFC 6864: an atomic datagram (DF, no fragment) needs no unique id.
  template_.ip.fragment.set(wire::kDontFragment);
  template_.ip.time_to_live = kTimeToLive;
  template_.ip.source.set(address);
  ip_sum_ = wire::sum_bytes(bytes_of(template_.ip));
}

void ReplyWriter::set_length(Frame& frame, std::size_t length) noexcept {
  frame.l2_length = sizeof(wire::EthernetHeader);
  frame.l3_length = sizeof(wire::Ipv4Header);
  if (length < wire::kMinFrame) {
    std::memset(frame.data + length, 0, wire::kMinFrame - length);
    length = wire::kMinFrame;
  }
  frame.length = static_cast<std::uint16_t>(length);
}

void ReplyWriter::set_ip(Headers& headers, const Peer& peer, std::uint8_t protocol,
                         std::size_t payload) const noexcept {
  const auto total = static_cast<std::uint16_t>(sizeof(wire::Ipv4Header) + payload);
  headers.ethernet = template_.ethernet;
  headers.ethernet.destination = peer.mac;
  headers.ip = template_.ip;
  headers.ip.total_length.set(total);
  headers.ip.protocol = protocol;
  headers.ip.destination.set(tftp::client_address(peer.client));
  if (offload_.ip) {
    return;  // the template's is 0
  }
  // The protocol is the odd byte of its 16-bit word.
  headers.ip.checksum.set_raw(wire::finish(
      ip_sum_ + swap16(total) + (std::uint64_t{protocol} << 8) + headers.ip.destination.raw()));
}

void ReplyWriter::set_udp(Frame& frame, const Peer& peer, std::uint16_t server_port,
                          std::size_t length, std::uint64_t sum) const noexcept {
  const auto udp_length = static_cast<std::uint16_t>(sizeof(wire::UdpHeader) + length);
  auto& headers = *reinterpret_cast<Headers*>(frame.data);
  set_ip(headers, peer, wire::kProtocolUdp, udp_length);
  headers.udp.source_port.set(server_port);
  headers.udp.destination_port.set(tftp::client_port(peer.client));
  headers.udp.length.set(udp_length);
  const std::uint64_t pseudo =
      wire::pseudo_header_sum(headers.ip.source.raw(), headers.ip.destination.raw(), udp_length);
  headers.udp.checksum.set_raw(offload_.udp
                                   ? wire::fold(pseudo)
                                   : wire::finish_udp(pseudo + headers.udp.source_port.raw() +
                                                      headers.udp.destination_port.raw() +
                                                      headers.udp.length.raw() + sum));
  set_length(frame, sizeof(Headers) + length);
}

void ReplyWriter::write_data(Frame& frame, const Peer& peer, std::uint16_t server_port,
                             const tftp::Block& block) const noexcept {
  DIALTONE_DCHECK(frame.capacity >= sizeof(Headers) + sizeof(tftp::Header) + block.content.size());
  auto& header = *reinterpret_cast<tftp::Header*>(frame.data + sizeof(Headers));
  header.opcode.set(static_cast<std::uint16_t>(tftp::Opcode::kData));
  header.number.set(block.number);
  if (!block.content.empty()) {
    std::memcpy(frame.data + sizeof(Headers) + sizeof(header), block.content.data(),
                block.content.size());
  }
  std::uint64_t content_sum = 0;
  if (block.sums.empty()) {
    content_sum = wire::sum_bytes(block.content);
  }
  for (const std::uint16_t sum : block.sums) {
    content_sum += sum;
  }
  set_udp(frame, peer, server_port, sizeof(header) + block.content.size(),
          header.opcode.raw() + std::uint64_t{header.number.raw()} + content_sum);
}

void ReplyWriter::write_oack(Frame& frame, const Peer& peer,
                             const tftp::Session& session) const noexcept {
  std::byte* packet = frame.data + sizeof(Headers);
  const std::size_t length = tftp::write_oack(packet, session);
  set_udp(frame, peer, session.server_port, length, wire::sum_bytes({packet, length}));
}

void ReplyWriter::write_error(Frame& frame, const Peer& peer, std::uint16_t server_port,
                              std::uint16_t code, std::string_view text) const noexcept {
  std::byte* packet = frame.data + sizeof(Headers);
  const std::size_t length = tftp::write_error(packet, code, text);
  set_udp(frame, peer, server_port, length, wire::sum_bytes({packet, length}));
}

void ReplyWriter::write_echo(Frame& frame, const Peer& peer,
                             std::span<const std::byte> message) const noexcept {
  constexpr std::size_t kOffset = sizeof(wire::EthernetHeader) + sizeof(wire::Ipv4Header);
  // The reply has no IPv4 options, so the message may have to move.
  std::memmove(frame.data + kOffset, message.data(), message.size());
  wire::make_echo_reply({frame.data + kOffset, message.size()});
  set_ip(*reinterpret_cast<Headers*>(frame.data), peer, wire::kProtocolIcmp, message.size());
  set_length(frame, kOffset + message.size());
}

void ReplyWriter::write_arp(Frame& frame) const noexcept {
  wire::make_arp_reply(frame.data, template_.ethernet.source);
  set_length(frame, sizeof(wire::EthernetHeader) + sizeof(wire::ArpPacket));
}

}  // namespace dialtone::server
