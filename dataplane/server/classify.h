// SPDX-License-Identifier: Apache-2.0
//
// Stage 1: whose frame is it, and is it sound? Everything that the lower layers can refuse is
// refused here, with its drop reason. Hot; reads the frame and writes the Packet only.
#pragma once

#include "dataplane/server/frame.h"
#include "dataplane/server/our_addresses.h"
#include "dataplane/server/packet.h"
#include "dataplane/tftp/session_table.h"
#include "dataplane/wire/mac_address.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace dialtone::server {

struct ClassifyRules {
  wire::MacAddress mac;
  const OurAddresses& ours;
  std::uint32_t worker;
  std::uint32_t workers;
  bool accept_partial_checksum;
  bool reassembles;
};

// Ethernet, VLAN tags and ARP.
void classify(const Frame& frame, const ClassifyRules& rules, const tftp::SessionTable& sessions,
              Packet& packet) noexcept;

// What follows the Ethernet header; `to_us` is false for a frame to a group.
void classify_ipv4(std::span<const std::byte> bytes, bool to_us, const Frame& frame,
                   const ClassifyRules& rules, const tftp::SessionTable& sessions,
                   Packet& packet) noexcept;
void classify_ipv6(std::span<const std::byte> bytes, bool to_us, const Frame& frame,
                   const ClassifyRules& rules, const tftp::SessionTable& sessions,
                   Packet& packet) noexcept;

// A datagram to a usable address of ours; `pseudo` is its pseudo-header's sum.
void classify_udp(std::span<const std::byte> bytes, std::uint64_t pseudo, const Frame& frame,
                  const ClassifyRules& rules, const tftp::SessionTable& sessions,
                  Packet& packet) noexcept;

// An ICMP message whose checksum is right, and which may tell that a client has gone, or that a
// link to it carries less than ours.
void classify_icmp_error(std::span<const std::byte> message, const ClassifyRules& rules,
                         const tftp::SessionTable& sessions, Packet& packet) noexcept;

inline void drop(Packet& packet, DropReason reason) noexcept {
  packet.kind = PacketKind::kDropped;
  packet.reason = reason;
}

// Nothing is wrong with it, but it is not for us.
inline void pass(Packet& packet, DropReason reason) noexcept {
  drop(packet, reason);
  packet.may_punt = true;
}

inline void set_client(Packet& packet, const IpAddress& address, std::uint8_t ours) noexcept {
  packet.peer.client.address = address;
  packet.peer.client.network =
      tftp::network_of(packet.peer.tags.id(0), packet.peer.tags.id(1), ours);
  packet.peer.client.port = 0;
}

}  // namespace dialtone::server
