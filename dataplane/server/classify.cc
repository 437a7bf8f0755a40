// SPDX-License-Identifier: Apache-2.0
#include "dataplane/server/classify.h"

#include "dataplane/wire/arp.h"
#include "dataplane/wire/ethernet.h"
#include "dataplane/wire/ipv6.h"

#include <cstring>

namespace dialtone::server {
namespace {

// Moves behind the tags, and returns the type that follows them; 0 when the frame ends before.
std::uint16_t read_tags(std::span<const std::byte>& bytes, wire::VlanTags& tags) noexcept {
  // bytes begins with the type: two bytes of a tag, or the last two of the header.
  for (std::size_t tag = 0; bytes.size() >= sizeof(NetU16); ++tag) {
    NetU16 type;
    std::memcpy(&type, bytes.data(), sizeof(type));
    if (tag == wire::kMaxTags || !wire::is_tag(type.host())) {
      bytes = bytes.subspan(sizeof(type));
      return type.host();
    }
    if (bytes.size() < wire::kTagLength) {
      break;
    }
    std::memcpy(tags.bytes.data() + tag * wire::kTagLength, bytes.data(), wire::kTagLength);
    bytes = bytes.subspan(wire::kTagLength);
  }
  return 0;
}

void classify_arp(std::span<const std::byte> bytes, const ClassifyRules& rules,
                  Packet& packet) noexcept {
  const wire::ArpPacket* arp = wire::parse_arp(bytes);
  if (arp == nullptr || packet.peer.mac.is_group() || arp->sender_mac.is_group()) {
    return pass(packet, DropReason::kArp);
  }
  const std::uint8_t claimed = rules.ours.find(IpAddress::from_v4(arp->sender_address.host()));
  if (claimed != OurAddresses::kNone && arp->sender_mac != rules.mac) {
    packet.conflict = claimed;
    return pass(packet, DropReason::kArp);
  }
  const std::uint8_t asked = rules.ours.find(IpAddress::from_v4(arp->target_address.host()));
  if (arp->operation.host() != wire::kArpRequest || asked == OurAddresses::kNone ||
      claimed != OurAddresses::kNone || !rules.ours.is_usable(asked)) {
    return pass(packet, DropReason::kArp);
  }
  packet.kind = PacketKind::kArp;
}

}  // namespace

void classify(const Frame& frame, const ClassifyRules& rules, const tftp::SessionTable& sessions,
              Packet& packet) noexcept {
  packet.partial_checksum = false;
  packet.may_punt = false;
  packet.to_group = false;
  packet.conflict = OurAddresses::kNone;
  packet.peer.tags = {};
  std::span<const std::byte> bytes(frame.data, frame.length);
  if (bytes.size() < sizeof(wire::EthernetHeader)) {
    return drop(packet, DropReason::kTruncated);
  }
  const auto* ethernet = reinterpret_cast<const wire::EthernetHeader*>(bytes.data());
  const bool to_us = ethernet->destination == rules.mac;
  packet.to_group = !to_us;
  if (!to_us && !ethernet->destination.is_group()) {
    return drop(packet, DropReason::kNotOurMac);
  }
  packet.peer.mac = ethernet->source;
  bytes = bytes.subspan(offsetof(wire::EthernetHeader, ether_type));
  const std::uint16_t type = read_tags(bytes, packet.peer.tags);
  packet.l2_length = static_cast<std::uint8_t>(bytes.data() - frame.data);
  switch (type) {
    case wire::kEtherTypeIpv4:
      return classify_ipv4(bytes, to_us, frame, rules, sessions, packet);
    case wire::kEtherTypeIpv6:
      return classify_ipv6(bytes, to_us, frame, rules, sessions, packet);
    case wire::kEtherTypeArp:
      return to_us || ethernet->destination == wire::kBroadcastMac
                 ? classify_arp(bytes, rules, packet)
                 : pass(packet, DropReason::kArp);
    case 0:
      return drop(packet, DropReason::kTruncated);
    default:
      return pass(packet, DropReason::kEtherType);
  }
}

}  // namespace dialtone::server
