// SPDX-License-Identifier: Apache-2.0
//
// ARP for Ethernet and IPv4 (RFC 826): recognise a request for an address, answer it in place.
#pragma once

#include "dataplane/base/bytes.h"
#include "dataplane/wire/ethernet.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace dialtone::wire {

inline constexpr std::uint16_t kArpRequest = 1;
inline constexpr std::uint16_t kArpReply = 2;

struct ArpPacket {
  NetU16 hardware_type;
  NetU16 protocol_type;
  std::uint8_t hardware_length;
  std::uint8_t protocol_length;
  NetU16 operation;
  MacAddress sender_mac;
  NetU32 sender_address;
  MacAddress target_mac;
  NetU32 target_address;
};
static_assert(sizeof(ArpPacket) == 28 && alignof(ArpPacket) == 1);

// The packet behind an Ethernet header of the ARP type; null when it is no ARP for IPv4, or not all
// of it is there.
const ArpPacket* parse_arp(std::span<const std::byte> bytes) noexcept;

// Turns a request for one of our addresses into the reply that says that `mac` has it. A probe
// (sender address 0, RFC 5227) is a request.
void make_arp_reply(ArpPacket& arp, const MacAddress& mac) noexcept;

// A request for an address by who has it (RFC 5227 2.3): all who know another MAC for it learn.
ArpPacket arp_announcement(const MacAddress& mac, std::uint32_t address) noexcept;

}  // namespace dialtone::wire
