// SPDX-License-Identifier: Apache-2.0
//
// Times in microseconds, log-linear: 64 steps for each doubling, so within 1.6 %. Fixed size; two
// of them add up. One thread adds; values.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace dialtone::emu {

class Histogram {
 public:
  void add(std::uint64_t us) noexcept {
    ++counts_[bucket_of(us)];
    ++count_;
    most_ = us > most_ ? us : most_;
  }
  void merge(const Histogram& other) noexcept {
    for (std::size_t i = 0; i < kBuckets; ++i) {
      counts_[i] += other.counts_[i];
    }
    count_ += other.count_;
    most_ = other.most_ > most_ ? other.most_ : most_;
  }

  std::uint64_t count() const noexcept { return count_; }
  std::uint64_t most() const noexcept { return most_; }
  // The least time that `share` of them, 0 to 1, kept to; 0 when there are none. Rounded up, never
  // above most().
  std::uint64_t quantile(double share) const noexcept {
    const double wanted = share * static_cast<double>(count_);
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < kBuckets && count_ != 0; ++i) {
      seen += counts_[i];
      if (counts_[i] != 0 && static_cast<double>(seen) >= wanted) {
        const std::uint64_t end = end_of(i);
        return end < most_ ? end : most_;
      }
    }
    return most_;
  }

 private:
  static constexpr std::size_t kSteps = 64;
  static constexpr std::size_t kDoublings = 34;  // up to 9.5 hours
  static constexpr std::size_t kBuckets = kSteps * kDoublings;

  // Below 128 each value has its own.
  static constexpr std::size_t bucket_of(std::uint64_t us) noexcept {
    const auto width = static_cast<std::size_t>(std::bit_width(us));
    if (width <= 7) {
      return static_cast<std::size_t>(us);
    }
    const std::size_t shift = width - 7;
    const std::size_t at = (shift + 1) * kSteps + static_cast<std::size_t>(us >> shift) - kSteps;
    return at < kBuckets ? at : kBuckets - 1;
  }
  // The greatest value of a bucket.
  static constexpr std::uint64_t end_of(std::size_t bucket) noexcept {
    if (bucket < 2 * kSteps) {
      return bucket;
    }
    const std::size_t shift = bucket / kSteps - 1;
    return ((std::uint64_t{bucket % kSteps + kSteps + 1}) << shift) - 1;
  }

  std::array<std::uint64_t, kBuckets> counts_{};
  std::uint64_t count_ = 0;
  std::uint64_t most_ = 0;
};

}  // namespace dialtone::emu
