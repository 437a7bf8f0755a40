// SPDX-License-Identifier: Apache-2.0
#include "dataplane/base/tsc_clock.h"

#include <chrono>
#include <thread>

namespace dialtone {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kApart{50};
constexpr int kTries = 16;

// Both clocks at one moment.
struct Moment {
  Ticks ticks = 0;
  Clock::time_point time;
};

// Between two looks at the other clock, as close as they come: an interruption in between would be
// taken for a clock that is off, by percents at worst.
Moment now() {
  Moment best;
  Clock::duration closest = Clock::duration::max();
  for (int i = 0; i < kTries; ++i) {
    const Clock::time_point before = Clock::now();
    const Ticks ticks = read_tsc();
    const Clock::duration between = Clock::now() - before;
    if (between < closest) {
      closest = between;
      best = {ticks, before + between / 2};
    }
  }
  return best;
}

}  // namespace

TickRate TickRate::measure() {
  const Moment first = now();
  std::this_thread::sleep_for(kApart);
  const Moment last = now();
  const auto elapsed = std::chrono::duration_cast<std::chrono::nanoseconds>(last.time - first.time);
  const double rate =
      static_cast<double>(last.ticks - first.ticks) * 1e9 / static_cast<double>(elapsed.count());
  return TickRate(static_cast<std::uint64_t>(rate));
}

}  // namespace dialtone
