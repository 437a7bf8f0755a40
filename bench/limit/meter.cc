// SPDX-License-Identifier: Apache-2.0
#include "bench/limit/meter.h"

#include <cstdio>

namespace dialtone::limit {

std::uint64_t Histogram::quantile(double share) const noexcept {
  const auto wanted = static_cast<std::uint64_t>(share * static_cast<double>(count_));
  std::uint64_t seen = 0;
  for (std::size_t us = 0; us < kFine; ++us) {
    seen += fine_[us];
    if (seen > wanted) {
      return us + 1;
    }
  }
  for (std::size_t ms = 0; ms < kCoarse; ++ms) {
    seen += coarse_[ms];
    if (seen > wanted) {
      return (ms + 1) * kFine;
    }
  }
  return most_;
}

std::uint64_t thread_run_ns() {
  unsigned long long ran = 0;
  if (std::FILE* file = std::fopen("/proc/thread-self/schedstat", "r")) {
    if (std::fscanf(file, "%llu", &ran) != 1) {
      ran = 0;
    }
    std::fclose(file);
  }
  return ran;
}

}  // namespace dialtone::limit
