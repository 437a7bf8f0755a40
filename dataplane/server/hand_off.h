// SPDX-License-Identifier: Apache-2.0
//
// Stage 1: packets of transfers that another worker owns. Hot.
#pragma once

#include "dataplane/server/classify.h"
#include "dataplane/tftp/tid.h"

namespace dialtone::server {

// A port in the range of transfers that is not this worker's.
inline void hand_off(std::uint16_t port, const ClassifyRules& rules, const tftp::TidLayout& tid,
                     Packet& packet) noexcept {
  const std::uint32_t owner = tid.worker_of(port);
  if (owner >= rules.workers) {
    return drop(packet, DropReason::kWrongWorker);
  }
  packet.kind = PacketKind::kHandOff;
  packet.owner = static_cast<std::uint8_t>(owner);
}

// The same in single-port mode; false: the client is this worker's.
inline bool is_handed_off(const ClassifyRules& rules, Packet& packet) noexcept {
  const std::uint32_t owner = tftp::worker_of_client(packet.hash, rules.workers);
  if (owner == rules.worker) {
    return false;
  }
  packet.kind = PacketKind::kHandOff;
  packet.owner = static_cast<std::uint8_t>(owner);
  return true;
}

}  // namespace dialtone::server
