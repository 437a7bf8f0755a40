// SPDX-License-Identifier: Apache-2.0
//
// The one MTU that blocks and the exception TAP go by. Cold; before the workers start.
#pragma once

#include "dataplane/base/result.h"

#include <cstdint>
#include <string>

namespace dialtone::app {

// Bytes of an IP packet: `wanted`, the setting, or what the port of `device` carries when that is
// less, with a warning in the log. What is longer the kernel, or the NIC, takes and loses without a
// word. An error below server::kLeastMtu.
Result<std::uint32_t> usable_mtu(const std::string& device, std::uint32_t carried,
                                 std::uint32_t wanted);

}  // namespace dialtone::app
