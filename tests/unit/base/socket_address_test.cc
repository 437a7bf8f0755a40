// SPDX-License-Identifier: Apache-2.0
#include "dataplane/base/socket_address.h"

#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <netinet/in.h>

#include <cstring>
#include <string>

namespace dialtone {
namespace {

// As inet_ntop writes it, which knows nothing of IpAddress.
template <typename Address>
std::string text_of(const SocketAddress& address, const Address& part) {
  char text[INET6_ADDRSTRLEN] = "";
  ::inet_ntop(address.family(), &part, text, sizeof(text));
  return text;
}

TEST(SocketAddress, OfIpv4) {
  const SocketAddress address = socket_address(IpAddress::from_v4(0x0a4d0001), 6970);
  ASSERT_EQ(address.family(), AF_INET);
  ASSERT_EQ(address.length, sizeof(sockaddr_in));
  sockaddr_in v4{};
  std::memcpy(&v4, address.get(), sizeof(v4));
  EXPECT_EQ(ntohs(v4.sin_port), 6970);
  EXPECT_EQ(text_of(address, v4.sin_addr), "10.77.0.1");
}

TEST(SocketAddress, OfIpv6) {
  const SocketAddress address = socket_address({0x20010db800000203, 0x0405060708090a0b}, 69);
  ASSERT_EQ(address.family(), AF_INET6);
  ASSERT_EQ(address.length, sizeof(sockaddr_in6));
  sockaddr_in6 v6{};
  std::memcpy(&v6, address.get(), sizeof(v6));
  EXPECT_EQ(ntohs(v6.sin6_port), 69);
  EXPECT_EQ(text_of(address, v6.sin6_addr), "2001:db8:0:203:405:607:809:a0b");
}

}  // namespace
}  // namespace dialtone
