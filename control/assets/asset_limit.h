// SPDX-License-Identifier: Apache-2.0
//
// What one file of the asset folder may have: control reads it while it does nothing else, and
// both processes hold it in memory. Phones' files have a few megabytes, IOS images hundreds.
#pragma once

#include <cstdint>
#include <limits>
#include <string>

namespace dialtone::assets {

inline constexpr std::uint64_t kNoLimit = std::numeric_limits<std::uint64_t>::max();

// Why a file of so many bytes is not served, with the cure.
inline std::string too_large(std::uint64_t bytes, std::uint64_t most) {
  return "it has " + std::to_string(bytes) + " bytes, and 'asset_max_mb' of [control] allows " +
         std::to_string(most >> 20) + " MiB; take it away, or raise that";
}

}  // namespace dialtone::assets
