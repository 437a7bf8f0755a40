// SPDX-License-Identifier: Apache-2.0
#include "dataplane/base/socket_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <cstring>

namespace dialtone {

SocketAddress socket_address(const IpAddress& address, std::uint16_t port) noexcept {
  SocketAddress out;
  if (address.is_v4()) {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    v4.sin_addr.s_addr = htonl(address.v4());
    std::memcpy(&out.bytes, &v4, sizeof(v4));
    out.length = sizeof(v4);
    return out;
  }
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(port);
  for (int i = 0; i < 8; ++i) {
    v6.sin6_addr.s6_addr[i] = static_cast<std::uint8_t>(address.high >> (56 - 8 * i));
    v6.sin6_addr.s6_addr[8 + i] = static_cast<std::uint8_t>(address.low >> (56 - 8 * i));
  }
  std::memcpy(&out.bytes, &v6, sizeof(v6));
  out.length = sizeof(v6);
  return out;
}

}  // namespace dialtone
