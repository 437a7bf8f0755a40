// SPDX-License-Identifier: Apache-2.0
#include "dataplane/io/steering.h"

#include <rte_ethdev.h>

namespace dialtone::io {

std::uint64_t hashes_of_addresses(std::uint64_t offered) noexcept {
  return offered & RTE_ETH_RSS_IP;
}

std::string steering_text(const std::string& driver, std::uint64_t asked,
                          std::optional<std::uint64_t> granted) {
  if (driver == "net_af_packet") {
    return "by addresses and ports: the kernel does it so for packet sockets";
  }
  if (asked == 0) {
    return "no RSS: the driver spreads frames by rules of its own";
  }
  if (!granted) {
    return "by addresses if it does what it was asked for: it does not say";
  }
  if ((*granted & RTE_ETH_RSS_UDP) != 0) {
    return "by addresses and ports: it was asked for addresses alone";
  }
  if ((*granted & RTE_ETH_RSS_IP) == 0) {
    return "no RSS: it was asked for, and not granted";
  }
  // Adapters that take UDP for a kind of packet of its own do not hash it then: all of it comes to
  // the first queue.
  return "by addresses";
}

}  // namespace dialtone::io
