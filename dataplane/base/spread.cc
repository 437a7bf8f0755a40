// SPDX-License-Identifier: Apache-2.0
#include "dataplane/base/spread.h"

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <system_error>
#include <thread>
#include <vector>

namespace dialtone {

Spread Spread::over_own_cpus() noexcept {
  cpu_set_t set;
  CPU_ZERO(&set);
  return Spread(::sched_getaffinity(0, sizeof(set), &set) == 0 ? std::max(CPU_COUNT(&set), 1) : 1);
}

void Spread::run(std::size_t parts, const std::function<void(std::size_t)>& part) const {
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t at = next.fetch_add(1); at < parts; at = next.fetch_add(1)) {
      part(at);
    }
  };
  std::vector<std::jthread> others;
  try {
    for (std::size_t i = 1; i < std::min(parts, static_cast<std::size_t>(threads_)); ++i) {
      others.emplace_back(work);
    }
  } catch (const std::system_error&) {
  }
  work();
}

}  // namespace dialtone
