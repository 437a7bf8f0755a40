// SPDX-License-Identifier: Apache-2.0
//
// The figures of a benchmark that times its calls itself, by the time stamp counter.
#pragma once

#include "dataplane/base/tsc_clock.h"
#include "dataplane/server/frame.h"

#include <benchmark/benchmark.h>

namespace dialtone::bench {

inline constexpr std::size_t kBurst = server::kMaxBurst;

// Fences keep what is measured from moving over the reading.
inline Ticks fenced_tsc() noexcept {
  _mm_lfence();
  const Ticks now = read_tsc();
  _mm_lfence();
  return now;
}

// Adds up what was timed; the Time column is a burst's, the counters are a packet's.
class Meter {
 public:
  explicit Meter(benchmark::State& state) : state_(state) {}
  ~Meter() {
    const double packets = static_cast<double>(state_.iterations()) * kBurst;
    state_.counters["cycles_per_packet"] = static_cast<double>(ticks_) / packets;
    state_.counters["ns_per_packet"] = static_cast<double>(ticks_) / packets / per_ns();
  }
  void add(Ticks ticks) {
    ticks_ += ticks;
    state_.SetIterationTime(static_cast<double>(ticks) / per_ns() * 1e-9);
  }

 private:
  static double per_ns() {
    static const double rate = static_cast<double>(TickRate::measure().per_second()) * 1e-9;
    return rate;
  }
  benchmark::State& state_;
  Ticks ticks_ = 0;
};

}  // namespace dialtone::bench
