// SPDX-License-Identifier: Apache-2.0
//
// The date as rows of the change log and events have it. Any thread.
#pragma once

#include <chrono>
#include <cstdint>

namespace dialtone::daemon {

// Microseconds since 1970.
inline std::int64_t unix_us() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace dialtone::daemon
