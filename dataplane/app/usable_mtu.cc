// SPDX-License-Identifier: Apache-2.0
#include "dataplane/app/usable_mtu.h"

#include "dataplane/program/log.h"
#include "dataplane/server/responder.h"

namespace dialtone::app {

Result<std::uint32_t> usable_mtu(const std::string& device, std::uint32_t carried,
                                 std::uint32_t wanted) {
  if (carried >= wanted) {
    return wanted;
  }
  if (carried < server::kLeastMtu) {
    return failed(device + " carries packets of " + std::to_string(carried) +
                  " bytes, and blocks of 512 bytes need " + std::to_string(server::kLeastMtu) +
                  ": set a larger MTU there (ip link set IF mtu 1500)");
  }
  spdlog::warn(
      "{} carries packets of {} bytes, mtu is {}: clients get blocks of at most {} bytes over "
      "IPv4, {} over IPv6",
      device, carried, wanted, carried - server::kPacketOverhead,
      carried - server::kPacketOverhead - server::kIpv6Extra);
  return carried;
}

}  // namespace dialtone::app
