// SPDX-License-Identifier: Apache-2.0
#include "dataplane/base/tsc_clock.h"

#include <chrono>
#include <thread>

namespace dialtone {

TickRate TickRate::measure() {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point begin = Clock::now();
  const Ticks first = read_tsc();
  std::this_thread::sleep_for(std::chrono::milliseconds(10));
  const Ticks last = read_tsc();
  const auto elapsed = std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - begin);
  const double rate =
      static_cast<double>(last - first) * 1e9 / static_cast<double>(elapsed.count());
  return TickRate(static_cast<std::uint64_t>(rate));
}

}  // namespace dialtone
