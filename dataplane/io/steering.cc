// SPDX-License-Identifier: Apache-2.0
#include "dataplane/io/steering.h"

#include <rte_ethdev.h>

namespace dialtone::io {
namespace {

constexpr std::uint64_t kOfIpv4 =
    RTE_ETH_RSS_IPV4 | RTE_ETH_RSS_FRAG_IPV4 | RTE_ETH_RSS_NONFRAG_IPV4_OTHER;
constexpr std::uint64_t kOfIpv6 = RTE_ETH_RSS_IP & ~kOfIpv4;
constexpr std::size_t kLeastHashKey = 40;  // for the addresses of IPv6, 36

}  // namespace

std::uint64_t hashes_of_addresses(std::uint64_t offered) noexcept {
  return offered & RTE_ETH_RSS_IP;
}

std::uint8_t* hash_key(std::size_t size) noexcept {
  // Of Microsoft's description of the hash. DPDK wants it writable, and keeps the pointer.
  static std::uint8_t key[] = {
      0x6d, 0x5a, 0x56, 0xda, 0x25, 0x5b, 0x0e, 0xc2, 0x41, 0x67, 0x25, 0x3d, 0x43, 0xa3, 0x8f,
      0xb0, 0xd0, 0xca, 0x2b, 0xcb, 0xae, 0x7b, 0x30, 0xb4, 0x77, 0xcb, 0x2d, 0xa3, 0x80, 0x30,
      0xf2, 0x0c, 0x6a, 0x42, 0xb7, 0x3b, 0xbe, 0xac, 0x01, 0xfa,
      // What some adapters want beyond the addresses and ports of IPv6.
      0x6d, 0x5a, 0x56, 0xda, 0x25, 0x5b, 0x0e, 0xc2, 0x41, 0x67, 0x25, 0x3d};
  return size >= kLeastHashKey && size <= sizeof(key) ? key : nullptr;
}

std::string steering_text(const std::string& driver, std::uint64_t asked,
                          std::optional<std::uint64_t> granted) {
  if (driver == "net_af_packet") {
    return driver + " steers by addresses and ports: the kernel does it so for packet sockets";
  }
  if (asked == 0) {
    return driver + " has no hash of addresses: it spreads frames by rules of its own";
  }
  const std::string said = driver + " was asked to steer by addresses alone, ";
  if (!granted) {
    return said + "and does not say what it does";
  }
  if ((*granted & RTE_ETH_RSS_UDP) != 0) {
    return said + "and says that it takes the ports of UDP as well";
  }
  if ((*granted & RTE_ETH_RSS_IP) == 0) {
    return said + "and says that it does not";
  }
  // Adapters that take UDP for a kind of packet of its own do not hash it then, and all of it comes
  // to the first queue: only the load of the workers shows that.
  return said + "and says that it does, for " +
         ((*granted & kOfIpv4) == 0   ? "IPv6 only"
          : (*granted & kOfIpv6) == 0 ? "IPv4 only"
                                      : "IPv4 and IPv6");
}

}  // namespace dialtone::io
