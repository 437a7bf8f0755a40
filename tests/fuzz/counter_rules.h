// SPDX-License-Identifier: Apache-2.0
//
// The sum rules of a worker's counters, which hold between any two packets: those of frames and
// requests (docs/reference.md), and Cisco's (dataplane/abi/cisco_counters.h).
#pragma once

#include <cstdint>
#include <span>

namespace dialtone::fuzz {

void check_counters(std::span<const std::uint64_t> counters);

}  // namespace dialtone::fuzz
