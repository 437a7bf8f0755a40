// SPDX-License-Identifier: Apache-2.0
#include "dataplane/server/classify.h"

#include "dataplane/tftp/message.h"
#include "dataplane/wire/arp.h"
#include "dataplane/wire/ethernet.h"
#include "dataplane/wire/icmp.h"
#include "dataplane/wire/ipv4.h"
#include "dataplane/wire/udp.h"

namespace dialtone::server {
namespace {

void drop(Packet& packet, DropReason reason) noexcept {
  packet.kind = PacketKind::kDropped;
  packet.reason = reason;
}

// Nothing is wrong with it, but it is not for us.
void pass(Packet& packet, DropReason reason) noexcept {
  drop(packet, reason);
  packet.may_punt = true;
}

// Services that answer anything: two such ends would answer each other for ever.
constexpr bool is_loop_port(std::uint16_t port) noexcept {
  constexpr std::uint16_t kEchoPort = 7;
  constexpr std::uint16_t kChargenPort = 19;
  return port == 0 || port == kEchoPort || port == kChargenPort || port == tftp::kServerPort;
}

// A UDP port that is no worker's is not ours either.
void classify_foreign_port(std::uint16_t port, const ClassifyRules& rules,
                           const tftp::TidLayout& tid, Packet& packet) noexcept {
  if (port < tftp::kFirstTransferPort) {
    return pass(packet, DropReason::kPort);
  }
  const std::uint32_t owner = tid.worker_of(port);
  if (owner >= rules.workers) {
    return drop(packet, DropReason::kWrongWorker);
  }
  packet.kind = PacketKind::kHandOff;
  packet.owner = static_cast<std::uint8_t>(owner);
}

void classify_udp(const wire::Ipv4Packet& ip, const Frame& frame, const ClassifyRules& rules,
                  const tftp::SessionTable& sessions, Packet& packet) noexcept {
  const wire::UdpDatagram datagram = wire::parse_udp(ip.payload);
  if (datagram.header == nullptr) {
    return drop(packet, DropReason::kUdpMalformed);
  }
  const std::uint16_t source_port = datagram.header->source_port.host();
  const std::uint16_t port = datagram.header->destination_port.host();
  const tftp::TidLayout& tid = sessions.tid();
  if (is_loop_port(source_port)) {
    return drop(packet, DropReason::kBadSourcePort);
  }
  if (port != tftp::kServerPort && !tid.is_ours(port)) {
    return classify_foreign_port(port, rules, tid, packet);
  }
  const wire::UdpChecksum checksum =
      frame.udp_checksum_good ? wire::UdpChecksum::kValid : wire::check_udp(*ip.header, datagram);
  packet.partial_checksum = checksum == wire::UdpChecksum::kPartial;
  if (checksum == wire::UdpChecksum::kWrong ||
      (packet.partial_checksum && !rules.accept_partial_checksum)) {
    return drop(packet, DropReason::kUdpChecksum);
  }
  if (datagram.payload.size() < tftp::kMinPacket) {
    return drop(packet, DropReason::kTftpShort);
  }
  packet.payload = datagram.payload;
  packet.peer.client = tftp::client_key(ip.header->source.host(), source_port);
  if (port == tftp::kServerPort) {
    packet.kind = PacketKind::kRequest;
    packet.bucket = sessions.bucket_of(packet.peer.client);
    packet.server_port = tid.port(packet.bucket);
  } else {
    packet.kind = PacketKind::kTransfer;
    packet.bucket = tid.bucket(port);
    packet.server_port = port;
  }
  sessions.prefetch(packet.bucket);
}

void classify_ipv4(const wire::Ipv4Packet& ip, const Frame& frame, const ClassifyRules& rules,
                   const tftp::SessionTable& sessions, Packet& packet) noexcept {
  if (ip.fault == wire::Ipv4Fault::kMalformed) {
    return drop(packet, DropReason::kTruncated);
  }
  if (ip.fault == wire::Ipv4Fault::kChecksum) {
    return drop(packet, DropReason::kIpChecksum);
  }
  const std::uint32_t destination = ip.header->destination.host();
  if (destination != rules.address) {
    return pass(packet, wire::is_unicast_source(destination) ? DropReason::kNotOurAddress
                                                             : DropReason::kBroadcast);
  }
  const std::uint32_t source = ip.header->source.host();
  if (packet.peer.mac.is_group() || !wire::is_unicast_source(source) || source == rules.address) {
    return drop(packet, DropReason::kBadSource);
  }
  if (ip.fault == wire::Ipv4Fault::kFragment) {
    if (!rules.reassembles) {
      return drop(packet, DropReason::kFragment);
    }
    packet.kind = PacketKind::kFragment;
    packet.l3_length = static_cast<std::uint8_t>(ip.header->header_length());
    return;
  }
  if (ip.header->protocol == wire::kProtocolUdp) {
    return classify_udp(ip, frame, rules, sessions, packet);
  }
  if (ip.header->protocol != wire::kProtocolIcmp) {
    return pass(packet, DropReason::kProtocol);
  }
  if (!wire::is_echo_request(ip.payload)) {
    return pass(packet, DropReason::kIcmp);
  }
  packet.kind = PacketKind::kEcho;
  packet.payload = ip.payload;
  packet.peer.client = tftp::client_key(source, 0);
}

}  // namespace

void classify(const Frame& frame, const ClassifyRules& rules, const tftp::SessionTable& sessions,
              Packet& packet) noexcept {
  packet.partial_checksum = false;
  packet.may_punt = false;
  const std::span<const std::byte> bytes(frame.data, frame.length);
  if (bytes.size() < sizeof(wire::EthernetHeader)) {
    return drop(packet, DropReason::kTruncated);
  }
  const auto* ethernet = reinterpret_cast<const wire::EthernetHeader*>(bytes.data());
  const bool to_us = ethernet->destination == rules.mac;
  if (!to_us && !ethernet->destination.is_group()) {
    return drop(packet, DropReason::kNotOurMac);
  }
  packet.peer.mac = ethernet->source;
  const std::uint16_t type = ethernet->ether_type.host();
  if (type == wire::kEtherTypeIpv4) {
    if (!to_us) {
      return pass(packet, DropReason::kBroadcast);
    }
    return classify_ipv4(wire::parse_ipv4(bytes.subspan(sizeof(*ethernet))), frame, rules, sessions,
                         packet);
  }
  if (type != wire::kEtherTypeArp) {
    return pass(packet, DropReason::kEtherType);
  }
  if ((!to_us && ethernet->destination != wire::kBroadcastMac) || ethernet->source.is_group() ||
      !wire::is_arp_request_for(bytes, rules.address)) {
    return pass(packet, DropReason::kArp);
  }
  packet.kind = PacketKind::kArp;
}

}  // namespace dialtone::server
