// SPDX-License-Identifier: Apache-2.0
#include "control/metrics/histogram.h"

#include <algorithm>

namespace dialtone::metrics {

void Histogram::add_us(std::uint64_t us) noexcept {
  const auto bound =
      std::lower_bound(bounds_.begin(), bounds_.end(), static_cast<double>(us) / 1e6);
  ++counts_[static_cast<std::size_t>(bound - bounds_.begin())];
  sum_us_ += us;
}

void Histogram::write(Exposition& out, Labels labels) const {
  out.add_histogram(bounds_, counts_, static_cast<double>(sum_us_) / 1e6, labels);
}

}  // namespace dialtone::metrics
