// SPDX-License-Identifier: Apache-2.0
//
// Writes replies: Ethernet, IPv4 and UDP headers from a template of what never changes, both
// checksums, and zeros up to the least frame. The bytes of the request are gone afterwards. Hot.
#pragma once

#include "dataplane/server/frame.h"
#include "dataplane/server/packet.h"
#include "dataplane/server/responder.h"
#include "dataplane/tftp/transfer.h"
#include "dataplane/wire/ethernet.h"
#include "dataplane/wire/ipv4.h"
#include "dataplane/wire/mac_address.h"
#include "dataplane/wire/udp.h"

#include <cstdint>
#include <span>
#include <string_view>

namespace dialtone::server {

class ReplyWriter {
 public:
  ReplyWriter(const wire::MacAddress& mac, std::uint32_t address, ChecksumOffload offload) noexcept;

  void write_data(Frame& frame, const Peer& peer, std::uint16_t server_port,
                  const tftp::Block& block) const noexcept;
  void write_oack(Frame& frame, const Peer& peer, const tftp::Session& session) const noexcept;
  void write_error(Frame& frame, const Peer& peer, std::uint16_t server_port, std::uint16_t code,
                   std::string_view text) const noexcept;

  // `message` is the echo request and lies in `frame`.
  void write_echo(Frame& frame, const Peer& peer,
                  std::span<const std::byte> message) const noexcept;
  void write_arp(Frame& frame) const noexcept;

 private:
  struct Headers {
    wire::EthernetHeader ethernet;
    wire::Ipv4Header ip;
    wire::UdpHeader udp;
  };
  static_assert(sizeof(Headers) == 42 && alignof(Headers) == 1);

  // Ethernet and IPv4 of a packet with `payload` bytes behind the IPv4 header.
  void set_ip(Headers& headers, const Peer& peer, std::uint8_t protocol,
              std::size_t payload) const noexcept;
  // All headers of a TFTP packet of `length` bytes whose sum is `sum`.
  void set_udp(Frame& frame, const Peer& peer, std::uint16_t server_port, std::size_t length,
               std::uint64_t sum) const noexcept;
  static void set_length(Frame& frame, std::size_t length) noexcept;

  Headers template_{};
  std::uint64_t ip_sum_;  // of the template's IPv4 header
  ChecksumOffload offload_;
};

}  // namespace dialtone::server
