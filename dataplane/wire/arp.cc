// SPDX-License-Identifier: Apache-2.0
#include "dataplane/wire/arp.h"

namespace dialtone::wire {
namespace {

constexpr std::uint16_t kEthernet = 1;

}  // namespace

const ArpPacket* parse_arp(std::span<const std::byte> bytes) noexcept {
  if (bytes.size() < sizeof(ArpPacket)) {
    return nullptr;
  }
  const auto* arp = reinterpret_cast<const ArpPacket*>(bytes.data());
  const bool ours = arp->hardware_type.host() == kEthernet &&
                    arp->protocol_type.host() == kEtherTypeIpv4 &&
                    arp->hardware_length == sizeof(MacAddress) && arp->protocol_length == 4;
  return ours ? arp : nullptr;
}

void make_arp_reply(ArpPacket& arp, const MacAddress& mac) noexcept {
  const NetU32 ours = arp.target_address;
  arp.operation.set(kArpReply);
  arp.target_mac = arp.sender_mac;
  arp.target_address = arp.sender_address;
  arp.sender_mac = mac;
  arp.sender_address = ours;
}

ArpPacket arp_announcement(const MacAddress& mac, std::uint32_t address) noexcept {
  ArpPacket arp{};
  arp.hardware_type.set(kEthernet);
  arp.protocol_type.set(kEtherTypeIpv4);
  arp.hardware_length = sizeof(MacAddress);
  arp.protocol_length = sizeof(address);
  arp.operation.set(kArpRequest);
  arp.sender_mac = mac;
  arp.sender_address.set(address);
  arp.target_address.set(address);
  return arp;
}

}  // namespace dialtone::wire
