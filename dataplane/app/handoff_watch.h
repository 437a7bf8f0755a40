// SPDX-License-Identifier: Apache-2.0
//
// Says once when the port gives many frames to another worker than the one whose transfer they
// belong to: what a driver promises of its steering, and what it does, differ. Housekeeper only;
// the counters come in as values.
#pragma once

#include <cstdint>

namespace dialtone::app {

class HandoffWatch {
 public:
  // With ports that steer by addresses it is none, by ports as well half of them and more.
  static constexpr std::uint64_t kMostPercent = 5;
  static constexpr std::uint64_t kFewFrames = 10'000;

  // `received`: frames_received of all workers, which counts what is handed over twice. The share
  // in percent, once; else 0.
  std::uint64_t look(std::uint64_t received, std::uint64_t handed_off) noexcept {
    const std::uint64_t arrived = received - handed_off;
    if (said_ || arrived < kFewFrames || handed_off * 100 <= arrived * kMostPercent) {
      return 0;
    }
    said_ = true;
    return handed_off * 100 / arrived;
  }

 private:
  bool said_ = false;
};

}  // namespace dialtone::app
