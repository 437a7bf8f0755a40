// SPDX-License-Identifier: Apache-2.0
#include "control/signing/signing_cpus.h"

#include <sched.h>

#include <algorithm>

namespace dialtone::signing {

std::vector<int> allowed_cpus() {
  cpu_set_t set;
  CPU_ZERO(&set);
  std::vector<int> cpus;
  if (::sched_getaffinity(0, sizeof(set), &set) == 0) {
    for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
      if (CPU_ISSET(cpu, &set)) {
        cpus.push_back(cpu);
      }
    }
  }
  return cpus.empty() ? std::vector<int>{0} : cpus;
}

std::vector<int> cpus_to_sign_on(const std::vector<int>& allowed, const std::vector<int>& workers) {
  std::vector<int> cpus = allowed;
  std::erase_if(cpus, [&](int cpu) { return std::ranges::find(workers, cpu) != workers.end(); });
  return cpus.empty() ? allowed : cpus;
}

}  // namespace dialtone::signing
