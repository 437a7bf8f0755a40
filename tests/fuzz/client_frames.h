// SPDX-License-Identifier: Apache-2.0
//
// What a client sends, written into a frame from a header that is made once.
#pragma once

#include "dataplane/base/ip_address.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace dialtone::fuzz {

struct ClientEnd {
  std::string headers;  // Ethernet to UDP
  std::uint16_t port;
  bool v6;
  bool tagged;  // twice

  IpAddress address() const;
  // What a link of 1,500 bytes and one tag carries of a block.
  std::uint64_t max_block() const { return 1468u - (v6 ? 20 : 0) - (tagged ? 4 : 0); }
};

ClientEnd make_client(bool v6, bool tagged, std::uint16_t port);

// Both return the frame's length. A packet that does not fit is cut.
std::size_t write_packet(std::span<std::byte> frame, const ClientEnd& client, std::uint16_t to_port,
                         std::span<const std::byte> packet);
// Its host says that nobody listens at `client_port`, to which `server_port` has sent.
std::size_t write_unreachable(std::span<std::byte> frame, const ClientEnd& client,
                              std::uint16_t server_port, std::uint16_t client_port);

}  // namespace dialtone::fuzz
