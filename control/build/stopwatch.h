// SPDX-License-Identifier: Apache-2.0
//
// How long a build takes, for its report.
#pragma once

#include <chrono>
#include <cstdint>

namespace dialtone::build {

// Runs from its making on.
class Stopwatch {
 public:
  std::uint64_t us() const {
    return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(
                                          std::chrono::steady_clock::now() - begin_)
                                          .count());
  }

 private:
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

}  // namespace dialtone::build
