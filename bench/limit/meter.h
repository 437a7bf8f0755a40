// SPDX-License-Identifier: Apache-2.0
//
// What a run of the generator counted, and how much of its CPU it had.
#pragma once

#include "dataplane/base/tsc_clock.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace dialtone::limit {

struct Counts {
  std::uint64_t sent = 0;       // frames that want an answer
  std::uint64_t answers = 0;    // frames that came back as they should
  std::uint64_t transfers = 0;  // files complete
  std::uint64_t bad = 0;        // content that is not the origin's
  std::uint64_t errors = 0;     // ERROR packets
  std::uint64_t stray = 0;
  std::uint64_t lost = 0;    // no answer in time; the phone asked anew
  std::uint64_t unsent = 0;  // the port took no more
  Ticks busy = 0;            // in turns in which something came or went
};

// Of times to an answer, or to a whole file: 1 us wide up to 1 ms, then 1 ms wide up to 10 s.
class Histogram {
 public:
  void add(std::uint64_t us) noexcept {
    ++(us < kFine ? fine_[us] : coarse_[us / kFine < kCoarse ? us / kFine : kCoarse - 1]);
    ++count_;
    most_ = us > most_ ? us : most_;
  }
  std::uint64_t most() const noexcept { return most_; }
  // The time that `share` of the answers kept to.
  std::uint64_t quantile(double share) const noexcept;

 private:
  static constexpr std::size_t kFine = 1000;
  static constexpr std::size_t kCoarse = 10'000;
  std::array<std::uint64_t, kFine> fine_{};
  std::array<std::uint64_t, kCoarse> coarse_{};
  std::uint64_t count_ = 0;
  std::uint64_t most_ = 0;
};

// Nanoseconds that the calling thread has run, by the kernel's account.
std::uint64_t thread_run_ns();

}  // namespace dialtone::limit
