// SPDX-License-Identifier: Apache-2.0
//
// The replies there are, each written over the frame of its request. Hot; one worker thread.
#pragma once

#include "dataplane/server/frame.h"
#include "dataplane/server/headers.h"
#include "dataplane/server/packet.h"
#include "dataplane/tftp/message.h"
#include "dataplane/tftp/transfer.h"

#include <cstdint>
#include <span>
#include <string_view>

namespace dialtone::server {

class ReplyWriter {
 public:
  explicit ReplyWriter(const HeaderWriter& headers) noexcept : headers_(headers) {}

  void write_data(Frame& frame, const Peer& peer, std::uint16_t server_port,
                  const tftp::Block& block) const noexcept;
  // The same around content that stands in the frame already, at data_content().
  void write_data_around(Frame& frame, const Peer& peer, std::uint16_t server_port,
                         std::uint16_t number, std::size_t size) const noexcept;
  static std::byte* data_content(const Frame& frame, const Peer& peer) noexcept {
    return frame.data + HeaderWriter::udp_payload_at(peer) + sizeof(tftp::Header);
  }
  void write_oack(Frame& frame, const Peer& peer, const tftp::Session& session) const noexcept;
  void write_error(Frame& frame, const Peer& peer, std::uint16_t server_port, std::uint16_t code,
                   std::string_view text) const noexcept;

  // `message` is the echo request and lies in `frame`.
  void write_echo(Frame& frame, const Peer& peer,
                  std::span<const std::byte> message) const noexcept;
  // Over the ARP request in `frame`, which begins behind `l2_length` bytes.
  void write_arp(Frame& frame, const Peer& peer, std::uint8_t l2_length) const noexcept;
  // To who asked for `target`; to all nodes when it has no address yet (RFC 4861 7.2.4).
  void write_advertisement(Frame& frame, const Peer& peer, const IpAddress& target) const noexcept;

 private:
  const HeaderWriter& headers_;
};

}  // namespace dialtone::server
