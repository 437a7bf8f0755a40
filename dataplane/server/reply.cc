// SPDX-License-Identifier: Apache-2.0
#include "dataplane/server/reply.h"

#include "dataplane/base/check.h"
#include "dataplane/tftp/message.h"
#include "dataplane/tftp/negotiation.h"
#include "dataplane/wire/arp.h"
#include "dataplane/wire/checksum.h"
#include "dataplane/wire/icmp.h"
#include "dataplane/wire/icmpv6.h"
#include "dataplane/wire/neighbour.h"

#include <cstring>

namespace dialtone::server {

void ReplyWriter::write_data(Frame& frame, const Peer& peer, std::uint16_t server_port,
                             const tftp::Block& block) const noexcept {
  std::byte* packet = frame.data + HeaderWriter::udp_payload_at(peer);
  auto& header = *reinterpret_cast<tftp::Header*>(packet);
  DIALTONE_DCHECK(packet + sizeof(header) + block.content.size() <= frame.data + frame.capacity);
  header.opcode.set(static_cast<std::uint16_t>(tftp::Opcode::kData));
  header.number.set(block.number);
  if (!block.content.empty()) {
    std::memcpy(packet + sizeof(header), block.content.data(), block.content.size());
  }
  std::uint64_t content_sum = 0;
  if (block.sums.empty()) {
    content_sum = wire::sum_bytes(block.content);
  }
  for (const std::uint16_t sum : block.sums) {
    content_sum += sum;
  }
  headers_.write_udp(frame, peer, server_port, sizeof(header) + block.content.size(),
                     header.opcode.raw() + std::uint64_t{header.number.raw()} + content_sum);
}

void ReplyWriter::write_data_around(Frame& frame, const Peer& peer, std::uint16_t server_port,
                                    std::uint16_t number, std::size_t size) const noexcept {
  std::byte* content = data_content(frame, peer);
  auto& header = *reinterpret_cast<tftp::Header*>(content - sizeof(tftp::Header));
  header.opcode.set(static_cast<std::uint16_t>(tftp::Opcode::kData));
  header.number.set(number);
  headers_.write_udp(
      frame, peer, server_port, sizeof(header) + size,
      header.opcode.raw() + std::uint64_t{header.number.raw()} + wire::sum_bytes({content, size}));
}

void ReplyWriter::write_oack(Frame& frame, const Peer& peer,
                             const tftp::Session& session) const noexcept {
  std::byte* packet = frame.data + HeaderWriter::udp_payload_at(peer);
  const std::size_t length = tftp::write_oack(packet, session);
  headers_.write_udp(frame, peer, session.server_port, length, wire::sum_bytes({packet, length}));
}

void ReplyWriter::write_error(Frame& frame, const Peer& peer, std::uint16_t server_port,
                              std::uint16_t code, std::string_view text) const noexcept {
  std::byte* packet = frame.data + HeaderWriter::udp_payload_at(peer);
  const std::size_t length = tftp::write_error(packet, code, text);
  headers_.write_udp(frame, peer, server_port, length, wire::sum_bytes({packet, length}));
}

void ReplyWriter::write_echo(Frame& frame, const Peer& peer,
                             std::span<const std::byte> message) const noexcept {
  // The reply has no options and no extension headers, so the message may have to move.
  const std::span<std::byte> reply(frame.data + HeaderWriter::ip_payload_at(peer), message.size());
  std::memmove(reply.data(), message.data(), message.size());
  if (peer.client.address.is_v4()) {
    wire::make_echo_reply(reply);
    headers_.write_ip(frame, peer, wire::kProtocolIcmp, reply.size());
    return;
  }
  const std::byte* header = headers_.write_ip(frame, peer, wire::kNextIcmpv6, reply.size());
  const auto& ip = *reinterpret_cast<const wire::Ipv6Header*>(header);
  reply[0] = std::byte{wire::kIcmpv6EchoReply};
  wire::finish_icmpv6(ip.source, ip.destination, reply);
}

void ReplyWriter::write_arp(Frame& frame, const Peer& peer, std::uint8_t l2_length) const noexcept {
  auto& arp = *reinterpret_cast<wire::ArpPacket*>(frame.data + l2_length);
  wire::make_arp_reply(arp, headers_.mac());
  headers_.write_link(frame, peer, wire::kEtherTypeArp, sizeof(arp));
}

void ReplyWriter::write_advertisement(Frame& frame, const Peer& peer,
                                      const IpAddress& target) const noexcept {
  const bool solicited = !peer.client.address.is_unspecified();
  Peer to = peer;
  if (!solicited) {
    to.client.address = wire::kAllNodes;
    to.mac = wire::multicast_mac(wire::kAllNodes);
  }
  std::byte* header = headers_.write_ip(frame, to, wire::kNextIcmpv6, wire::kNeighbourWithMac);
  wire::write_advertisement(*reinterpret_cast<wire::Ipv6Header*>(header), target, headers_.mac(),
                            solicited);
}

}  // namespace dialtone::server
