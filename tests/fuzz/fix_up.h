// SPDX-License-Identifier: Apache-2.0
//
// Makes the lengths and checksums of a frame right, as far as its headers can be followed: without
// it a fuzzer would try checksums instead of what lies behind them.
#pragma once

#include <cstddef>
#include <span>

namespace dialtone::fuzz {

void fix_up(std::span<std::byte> frame);

}  // namespace dialtone::fuzz
