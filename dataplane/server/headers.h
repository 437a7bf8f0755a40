// SPDX-License-Identifier: Apache-2.0
//
// Writes what stands in front of a reply: Ethernet, the VLAN tags of the request, IPv4 or IPv6 from
// a template of what never changes, UDP; checksums, and zeros up to the least frame. The bytes of
// the request are gone afterwards. Hot; one worker thread.
#pragma once

#include "dataplane/server/frame.h"
#include "dataplane/server/our_addresses.h"
#include "dataplane/server/packet.h"
#include "dataplane/server/responder.h"
#include "dataplane/wire/ethernet.h"
#include "dataplane/wire/ipv4.h"
#include "dataplane/wire/ipv6.h"
#include "dataplane/wire/mac_address.h"
#include "dataplane/wire/udp.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace dialtone::server {

class HeaderWriter {
 public:
  HeaderWriter(const wire::MacAddress& mac, const OurAddresses& ours,
               ChecksumOffload offload) noexcept;

  const wire::MacAddress& mac() const noexcept { return mac_; }

  // Where the payload of IP, and of UDP, begins in a frame to `peer`.
  static std::size_t ip_payload_at(const Peer& peer) noexcept {
    return sizeof(wire::EthernetHeader) + peer.tags.length() +
           (peer.client.address.is_v4() ? sizeof(wire::Ipv4Header) : sizeof(wire::Ipv6Header));
  }
  static std::size_t udp_payload_at(const Peer& peer) noexcept {
    return ip_payload_at(peer) + sizeof(wire::UdpHeader);
  }

  // Ethernet and tags, and the length of the frame with `payload` bytes behind them.
  std::byte* write_link(Frame& frame, const Peer& peer, std::uint16_t type,
                        std::size_t payload) const noexcept;

  // The same with IP from the address of ours that the peer asked; `payload` bytes behind it.
  // Returns the IP header.
  std::byte* write_ip(Frame& frame, const Peer& peer, std::uint8_t protocol,
                      std::size_t payload) const noexcept;

  // The same with UDP; `length` bytes that have this sum stand behind it already.
  void write_udp(Frame& frame, const Peer& peer, std::uint16_t server_port, std::size_t length,
                 std::uint64_t sum) const noexcept;

  // Lets routers cut a packet of IPv4 that stands in `frame`. Of one that may be cut `id` must be
  // unlike that of others on their way to the client (RFC 6864).
  void allow_fragments(Frame& frame, const Peer& peer, std::uint16_t id) const noexcept;

 private:
  // What is known of the headers from one address of ours.
  struct Template {
    wire::Ipv4Header v4;
    wire::Ipv6Header v6;
    std::uint64_t sum;  // of v4; or of v6's source
  };

  std::byte* write_ipv4(std::byte* at, const Peer& peer, std::uint8_t protocol,
                        std::size_t payload) const noexcept;
  std::byte* write_ipv6(std::byte* at, const Peer& peer, std::uint8_t protocol,
                        std::size_t payload) const noexcept;

  wire::MacAddress mac_;
  ChecksumOffload offload_;
  std::array<Template, OurAddresses::kMaxAddresses> templates_{};
};

}  // namespace dialtone::server
