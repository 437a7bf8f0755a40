// SPDX-License-Identifier: Apache-2.0
//
// How much memory the files of devices take. Private to DeviceBuilder.
#pragma once

#include <cstddef>

namespace dialtone::build {

inline constexpr std::size_t kLargeChunk = std::size_t{2} << 20;
// A file of 10 KB, with record, name and sums.
inline constexpr std::size_t kBytesPerDevice = 10'500;

}  // namespace dialtone::build
