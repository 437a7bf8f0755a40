// SPDX-License-Identifier: Apache-2.0
//
// How long something took, counted by ranges of seconds. One thread.
#pragma once

#include "control/metrics/exposition.h"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace dialtone::metrics {

// From a change of one phone, a millisecond, to a full build of a million.
inline constexpr std::array<double, 10> kBuildBounds = {0.0003, 0.001, 0.003, 0.01, 0.03,
                                                        0.1,    0.3,   1,     3,    10};
// From a phone that waits for its file to one that asks for it when it is restarted in the night.
inline constexpr std::array<double, 12> kServedBounds = {0.01, 0.03, 0.1, 0.3,  1,     3,
                                                         10,   60,   600, 3600, 21600, 86400};

class Histogram {
 public:
  // `bounds`, which outlive it, rise.
  explicit Histogram(std::span<const double> bounds = kBuildBounds)
      : bounds_(bounds), counts_(bounds.size() + 1) {}

  void add_us(std::uint64_t us) noexcept;
  void write(Exposition& out, Labels labels) const;

 private:
  std::span<const double> bounds_;
  std::vector<std::uint64_t> counts_;  // the last: above all bounds
  std::uint64_t sum_us_ = 0;
};

}  // namespace dialtone::metrics
