// SPDX-License-Identifier: Apache-2.0
#include "dataplane/wire/arp.h"

namespace dialtone::wire {

bool is_arp_request_for(std::span<const std::byte> frame, std::uint32_t address) noexcept {
  if (frame.size() < sizeof(EthernetHeader) + sizeof(ArpPacket)) {
    return false;
  }
  const auto* arp = reinterpret_cast<const ArpPacket*>(frame.data() + sizeof(EthernetHeader));
  return arp->hardware_type.host() == 1 && arp->protocol_type.host() == kEtherTypeIpv4 &&
         arp->hardware_length == sizeof(MacAddress) && arp->protocol_length == 4 &&
         arp->operation.host() == kArpRequest && arp->target_address.host() == address &&
         arp->sender_address.host() != address && !arp->sender_mac.is_group();
}

void make_arp_reply(std::byte* frame, const MacAddress& mac) noexcept {
  auto* ethernet = reinterpret_cast<EthernetHeader*>(frame);
  auto* arp = reinterpret_cast<ArpPacket*>(frame + sizeof(EthernetHeader));
  ethernet->destination = ethernet->source;
  ethernet->source = mac;
  const NetU32 ours = arp->target_address;
  arp->operation.set(kArpReply);
  arp->target_mac = arp->sender_mac;
  arp->target_address = arp->sender_address;
  arp->sender_mac = mac;
  arp->sender_address = ours;
}

}  // namespace dialtone::wire
