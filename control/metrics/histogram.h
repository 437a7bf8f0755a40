// SPDX-License-Identifier: Apache-2.0
//
// How long something took, counted by ranges of seconds: from a change of one phone, a millisecond,
// to a full build of a million. One thread.
#pragma once

#include "control/metrics/exposition.h"

#include <array>
#include <cstdint>

namespace dialtone::metrics {

class Histogram {
 public:
  static constexpr std::array<double, 10> kBounds = {0.0003, 0.001, 0.003, 0.01, 0.03,
                                                     0.1,    0.3,   1,     3,    10};

  void add_us(std::uint64_t us) noexcept;
  void write(Exposition& out, Labels labels) const;

 private:
  std::array<std::uint64_t, kBounds.size() + 1> counts_{};
  std::uint64_t sum_us_ = 0;
};

}  // namespace dialtone::metrics
