// SPDX-License-Identifier: Apache-2.0
//
// Stage 1: whose frame is it, and is it sound? Everything that the lower layers can refuse is
// refused here, with its drop reason. Hot; reads the frame and writes the Packet only.
#pragma once

#include "dataplane/server/frame.h"
#include "dataplane/server/packet.h"
#include "dataplane/tftp/session_table.h"
#include "dataplane/wire/mac_address.h"

#include <cstdint>

namespace dialtone::server {

struct ClassifyRules {
  wire::MacAddress mac;
  std::uint32_t address;  // host order
  std::uint32_t workers;
  bool accept_partial_checksum;
  bool reassembles;
};

void classify(const Frame& frame, const ClassifyRules& rules, const tftp::SessionTable& sessions,
              Packet& packet) noexcept;

}  // namespace dialtone::server
