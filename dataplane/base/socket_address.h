// SPDX-License-Identifier: Apache-2.0
//
// An address and a port as the kernel's sockets have them. Pure; any thread.
#pragma once

#include "dataplane/base/ip_address.h"

#include <sys/socket.h>

#include <cstdint>

namespace dialtone {

struct SocketAddress {
  sockaddr_storage bytes{};
  socklen_t length = 0;

  int family() const noexcept { return bytes.ss_family; }
  const sockaddr* get() const noexcept { return reinterpret_cast<const sockaddr*>(&bytes); }
};

// AF_INET for an address of IPv4, so that it needs no IPv6; else AF_INET6.
SocketAddress socket_address(const IpAddress& address, std::uint16_t port) noexcept;

}  // namespace dialtone
