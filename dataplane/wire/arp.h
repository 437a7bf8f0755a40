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

// True for a whole request that asks for `address` and does not claim it as its own. `frame` begins
// with an Ethernet header of the ARP type. A probe (sender address 0, RFC 5227) is a request.
bool is_arp_request_for(std::span<const std::byte> frame, std::uint32_t address) noexcept;

// Turns such a request into the reply that says that `mac` has the address; 42 bytes in all.
void make_arp_reply(std::byte* frame, const MacAddress& mac) noexcept;

}  // namespace dialtone::wire
