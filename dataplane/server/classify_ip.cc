// SPDX-License-Identifier: Apache-2.0
#include "dataplane/server/classify.h"
#include "dataplane/wire/icmp.h"
#include "dataplane/wire/ipv4.h"
#include "dataplane/wire/ipv6.h"
#include "dataplane/wire/neighbour.h"
#include "dataplane/wire/udp.h"

namespace dialtone::server {
namespace {

void classify_icmp(std::span<const std::byte> message, const ClassifyRules& rules,
                   const tftp::SessionTable& sessions, Packet& packet) noexcept {
  if (!wire::is_sound_icmp(message)) {
    return pass(packet, DropReason::kIcmp);
  }
  if (wire::is_echo_request(message)) {
    packet.kind = PacketKind::kEcho;
    packet.payload = message;
    return;
  }
  classify_icmp_error(message, rules, sessions, packet);
}

void classify_solicitation(const wire::Ipv6Header& ip, std::span<const std::byte> message,
                           const ClassifyRules& rules, Packet& packet) noexcept {
  const auto target = wire::solicited_target(ip, message);
  const std::uint8_t ours = target ? rules.ours.find(*target) : OurAddresses::kNone;
  if (ours == OurAddresses::kNone) {
    return pass(packet, DropReason::kNeighbour);
  }
  const bool is_probe = ip.source.host().is_unspecified();
  if (is_probe && rules.ours.state(ours) == AddressState::kTentative &&
      packet.peer.mac != rules.mac) {
    packet.conflict = ours;  // another host wants it at the same time (RFC 4862 5.4.3)
  }
  if (!rules.ours.is_usable(ours) || (!is_probe && !wire::is_unicast_source(ip.source.host()))) {
    return pass(packet, DropReason::kNeighbour);
  }
  packet.kind = PacketKind::kSolicitation;
  set_client(packet, ip.source.host(), ours);
}

void classify_advertisement(const wire::Ipv6Header& ip, std::span<const std::byte> message,
                            const ClassifyRules& rules, Packet& packet) noexcept {
  const auto target = wire::advertised_target(ip, message);
  if (target && packet.peer.mac != rules.mac) {
    packet.conflict = rules.ours.find(*target);
  }
  pass(packet, DropReason::kNeighbour);
}

// To any address: neighbour discovery goes to groups, and asks for addresses that are tentative.
void classify_icmpv6(const wire::Ipv6Packet& ip, bool is_for_us, const ClassifyRules& rules,
                     const tftp::SessionTable& sessions, Packet& packet) noexcept {
  if (!wire::is_sound_icmpv6(*ip.header, ip.payload)) {
    return pass(packet, DropReason::kIcmp);
  }
  const auto type = static_cast<std::uint8_t>(ip.payload[0]);
  if (type == wire::kNeighbourSolicitation) {
    return classify_solicitation(*ip.header, ip.payload, rules, packet);
  }
  if (type == wire::kNeighbourAdvertisement) {
    return classify_advertisement(*ip.header, ip.payload, rules, packet);
  }
  if (!is_for_us) {
    return pass(packet, DropReason::kBroadcast);
  }
  if (type == wire::kIcmpv6EchoRequest) {
    packet.kind = PacketKind::kEcho;
    packet.payload = ip.payload;
    return;
  }
  classify_icmp_error(ip.payload, rules, sessions, packet);
}

}  // namespace

void classify_ipv4(std::span<const std::byte> bytes, bool to_us, const Frame& frame,
                   const ClassifyRules& rules, const tftp::SessionTable& sessions,
                   Packet& packet) noexcept {
  if (!to_us) {
    return pass(packet, DropReason::kBroadcast);
  }
  const wire::Ipv4Packet ip = wire::parse_ipv4(bytes);
  if (ip.fault == wire::Ipv4Fault::kMalformed) {
    return drop(packet, DropReason::kTruncated);
  }
  if (ip.fault == wire::Ipv4Fault::kChecksum) {
    return drop(packet, DropReason::kIpChecksum);
  }
  const std::uint32_t destination = ip.header->destination.host();
  const std::uint8_t ours = rules.ours.find(IpAddress::from_v4(destination));
  if (ours == OurAddresses::kNone || !rules.ours.is_usable(ours)) {
    return pass(packet, wire::is_unicast_source(destination) ? DropReason::kNotOurAddress
                                                             : DropReason::kBroadcast);
  }
  const std::uint32_t source = ip.header->source.host();
  const IpAddress address = IpAddress::from_v4(source);
  if (packet.peer.mac.is_group() || !wire::is_unicast_source(source) ||
      rules.ours.find(address) != OurAddresses::kNone) {
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
  set_client(packet, address, ours);
  if (ip.header->protocol == wire::kProtocolUdp) {
    const std::uint64_t pseudo = wire::pseudo_header_sum(
        ip.header->source.raw(), ip.header->destination.raw(), wire::udp_length(ip.payload));
    return classify_udp(ip.payload, pseudo, frame, rules, sessions, packet);
  }
  if (ip.header->protocol != wire::kProtocolIcmp) {
    return pass(packet, DropReason::kProtocol);
  }
  classify_icmp(ip.payload, rules, sessions, packet);
}

void classify_ipv6(std::span<const std::byte> bytes, bool to_us, const Frame& frame,
                   const ClassifyRules& rules, const tftp::SessionTable& sessions,
                   Packet& packet) noexcept {
  const wire::Ipv6Packet ip = wire::parse_ipv6(bytes);
  if (ip.fault == wire::Ipv6Fault::kMalformed) {
    return drop(packet, DropReason::kTruncated);
  }
  const IpAddress destination = ip.header->destination.host();
  const IpAddress source = ip.header->source.host();
  if (source.is_v4() || destination.is_v4()) {
    return drop(packet, DropReason::kBadSource);  // an IPv4 address in IPv6's clothes: no host's
  }
  const std::uint8_t ours = rules.ours.find(destination);
  const bool is_for_us = to_us && ours != OurAddresses::kNone && rules.ours.is_usable(ours);
  const bool is_neighbours = ip.protocol == wire::kNextIcmpv6 && ip.fault == wire::Ipv6Fault::kNone;
  if (packet.peer.mac.is_group() || source.is_multicast_v6() ||
      (rules.ours.find(source) != OurAddresses::kNone && !is_neighbours)) {
    return drop(packet, DropReason::kBadSource);
  }
  if (is_neighbours) {
    set_client(packet, source, ours);
    return classify_icmpv6(ip, is_for_us && wire::is_unicast_source(source), rules, sessions,
                           packet);
  }
  if (!is_for_us) {
    return pass(packet, destination.is_multicast_v6() || !to_us ? DropReason::kBroadcast
                                                                : DropReason::kNotOurAddress);
  }
  if (!wire::is_unicast_source(source)) {
    return drop(packet, DropReason::kBadSource);
  }
  if (ip.fault == wire::Ipv6Fault::kFragment) {
    // librte_ip_frag wants the fragment header where the sender of a plain datagram puts it: first.
    if (!rules.reassembles || !ip.fragment_is_first_header) {
      return drop(packet, DropReason::kFragment);
    }
    packet.kind = PacketKind::kFragment;
    packet.l3_length = sizeof(wire::Ipv6Header) + sizeof(wire::FragmentHeader);
    return;
  }
  if (ip.fault == wire::Ipv6Fault::kExtension) {
    return drop(packet, DropReason::kExtension);
  }
  if (ip.protocol != wire::kProtocolUdp) {
    return pass(packet, DropReason::kProtocol);
  }
  set_client(packet, source, ours);
  classify_udp(ip.payload,
               wire::pseudo_header_sum(ip.header->source, ip.header->destination,
                                       wire::udp_length(ip.payload), wire::kProtocolUdp),
               frame, rules, sessions, packet);
}

}  // namespace dialtone::server
