// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/host/neighbours.h"

#include "dataplane/base/check.h"
#include "dataplane/wire/arp.h"
#include "dataplane/wire/icmpv6.h"
#include "dataplane/wire/ipv6.h"
#include "dataplane/wire/neighbour.h"

#include <array>
#include <cstring>

namespace dialtone::emu {
namespace {

// RFC 4861 4.3 with the sender's MAC as its option.
struct Solicitation {
  wire::Ipv6Header ip{};
  wire::NeighbourMessage message{};
  std::uint8_t option_type = 1;    // source link-layer address
  std::uint8_t option_length = 1;  // times 8 bytes
  wire::MacAddress mac{};
};
static_assert(sizeof(Solicitation) ==
              sizeof(wire::Ipv6Header) + sizeof(wire::NeighbourMessage) + 8);

Solicitation solicitation(const IpAddress& from, const wire::MacAddress& mac,
                          const IpAddress& target) noexcept {
  Solicitation all;
  all.ip.version_class_flow.set(std::uint32_t{6} << 28);
  all.ip.payload_length.set(sizeof(all) - sizeof(all.ip));
  all.ip.next_header = wire::kNextIcmpv6;
  all.ip.hop_limit = wire::kNeighbourHopLimit;
  all.ip.source.set(from);
  all.ip.destination.set(wire::solicited_node(target));
  all.message.type = wire::kNeighbourSolicitation;
  all.message.target.set(target);
  all.mac = mac;
  wire::finish_icmpv6(all.ip.source, all.ip.destination,
                      std::as_writable_bytes(std::span(&all, 1)).subspan(sizeof(all.ip)));
  return all;
}

std::optional<NeighbourTalk> parse_arp_talk(const Received& frame) noexcept {
  const wire::ArpPacket* arp = wire::parse_arp(frame.payload);
  if (arp == nullptr) {
    return std::nullopt;
  }
  NeighbourTalk talk{.teller = IpAddress::from_v4(arp->sender_address.host()),
                     .mac = arp->sender_mac};
  if (arp->operation.host() == wire::kArpRequest) {
    talk.asked = IpAddress::from_v4(arp->target_address.host());
  }
  return talk;
}

std::optional<NeighbourTalk> parse_discovery(const Received& frame, const IpPayload& ip) noexcept {
  if (!wire::is_sound_icmpv6(*ip.header6, ip.bytes)) {
    return std::nullopt;
  }
  const auto type = static_cast<std::uint8_t>(ip.bytes[0]);
  if (type == wire::kNeighbourAdvertisement) {
    const auto target = wire::advertised_target(*ip.header6, ip.bytes);
    return target ? std::optional(NeighbourTalk{.teller = *target, .mac = frame.from_mac})
                  : std::nullopt;
  }
  const auto target = type == wire::kNeighbourSolicitation
                          ? wire::solicited_target(*ip.header6, ip.bytes)
                          : std::nullopt;
  return target ? std::optional(
                      NeighbourTalk{.teller = ip.from, .mac = frame.from_mac, .asked = target})
                : std::nullopt;
}

}  // namespace

std::optional<NeighbourTalk> parse_neighbour(const Received& frame,
                                             const std::optional<IpPayload>& ip) noexcept {
  if (frame.ether_type == wire::kEtherTypeArp) {
    return parse_arp_talk(frame);
  }
  const bool is_discovery = ip && ip->protocol == wire::kNextIcmpv6 && ip->header6 != nullptr;
  return is_discovery ? parse_discovery(frame, *ip) : std::nullopt;
}

std::optional<NeighbourTalk> parse_neighbour(const Received& frame) noexcept {
  return parse_neighbour(frame, parse_ip(frame));
}

std::size_t write_question(const Path& path, std::span<std::byte> out) noexcept {
  DIALTONE_CHECK(out.size() >= kNeighbourFrame);
  Path all = path;
  if (path.to.is_v4()) {
    wire::ArpPacket arp = wire::arp_announcement(path.from_mac, path.from.v4());
    arp.target_address.set(path.to.v4());
    all.to_mac = wire::kBroadcastMac;
    return write_ethernet(all, wire::kEtherTypeArp, std::as_bytes(std::span(&arp, 1)), out);
  }
  const Solicitation question = solicitation(path.from, path.from_mac, path.to);
  all.to_mac = wire::multicast_mac(wire::solicited_node(path.to));
  return write_ethernet(all, wire::kEtherTypeIpv6, std::as_bytes(std::span(&question, 1)), out);
}

std::size_t write_answer(const Received& question, const NeighbourTalk& talk,
                         const wire::MacAddress& mac, std::span<std::byte> out) noexcept {
  DIALTONE_CHECK(out.size() >= kNeighbourFrame && talk.asked.has_value());
  const Path path{.from_mac = mac, .to_mac = question.from_mac, .vlan = question.vlan};
  if (question.ether_type == wire::kEtherTypeArp) {
    wire::ArpPacket reply = *wire::parse_arp(question.payload);
    wire::make_arp_reply(reply, mac);
    return write_ethernet(path, wire::kEtherTypeArp, std::as_bytes(std::span(&reply, 1)), out);
  }
  std::array<std::byte, sizeof(wire::Ipv6Header) + wire::kNeighbourWithMac> reply{};
  auto* header = reinterpret_cast<wire::Ipv6Header*>(reply.data());
  header->source.set(*talk.asked);
  header->destination.set(talk.teller);
  wire::write_advertisement(*header, *talk.asked, mac, /*solicited=*/true);
  return write_ethernet(path, wire::kEtherTypeIpv6, reply, out);
}

}  // namespace dialtone::emu
