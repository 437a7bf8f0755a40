// SPDX-License-Identifier: Apache-2.0
#include "dataplane/io/eal.h"

#include "dataplane/io/device_check.h"
#include "dataplane/io/hugepages.h"

#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_launch.h>
#include <rte_lcore.h>
#include <sched.h>

#include <algorithm>
#include <chrono>
#include <thread>

namespace dialtone::io {
namespace {

std::string join(const std::vector<std::uint32_t>& cpus) {
  std::string out;
  for (std::uint32_t cpu : cpus) {
    out += (out.empty() ? "" : ",") + std::to_string(cpu);
  }
  return out;
}

unsigned lcore_of(std::uint32_t worker) {
  return worker + 1;
}

// EAL gives its own control threads the CPUs that the starting thread may use: take the workers'
// away first.
void keep_off_workers(const std::vector<std::uint32_t>& cpus) {
  cpu_set_t set;
  CPU_ZERO(&set);
  for (std::uint32_t cpu : cpus) {
    CPU_SET(cpu, &set);
  }
  ::sched_setaffinity(0, sizeof(set), &set);
}

bool use_hugepages(const EalConfig& config, const std::function<void(const std::string&)>& note) {
  if (!config.hugepages) {
    return false;
  }
  const std::uint64_t have_mb = free_hugepage_bytes() >> 20;
  if (have_mb >= config.memory_mb) {
    return true;
  }
  note("no hugepages: " + std::to_string(have_mb) + " MB are free, memory_mb is " +
       std::to_string(config.memory_mb) +
       "; going on with ordinary pages, which are slower (reserve some in "
       "/proc/sys/vm/nr_hugepages, or set hugepages = false)");
  return false;
}

std::vector<std::string> arguments(const EalConfig& config, bool huge) {
  std::string lcores = "--lcores=0@(" + join(housekeeping_cpus(config.worker_cpus)) + ")";
  for (std::uint32_t worker = 0; worker < config.worker_cpus.size(); ++worker) {
    lcores +=
        "," + std::to_string(lcore_of(worker)) + "@" + std::to_string(config.worker_cpus[worker]);
  }
  std::vector<std::string> out = {
      "dialtone-dataplane",
      "--log-level=warning",
      "--file-prefix=dialtone",
      lcores,
      "--main-lcore=0",
      "-m",
      std::to_string(config.memory_mb),
  };
  if (!config.telemetry) {
    out.emplace_back("--no-telemetry");
  }
  // Nothing of this process is shared or left behind; DPDK 22.11 refuses --in-memory with
  // --no-huge.
  if (huge) {
    out.emplace_back("--in-memory");
  } else {
    out.emplace_back("--no-huge");
    out.emplace_back("--no-shconf");
  }
  if (is_pci_address(config.device)) {
    out.emplace_back("--allow=" + config.device);
    return out;
  }
  out.emplace_back("--no-pci");
  out.emplace_back("--iova-mode=va");
  if (!config.device.empty()) {
    out.emplace_back("--vdev=" + driver_device(config.device));
  }
  return out;
}

}  // namespace

std::vector<std::uint32_t> allowed_cpus() {
  cpu_set_t set;
  CPU_ZERO(&set);
  ::sched_getaffinity(0, sizeof(set), &set);
  std::vector<std::uint32_t> cpus;
  for (std::uint32_t cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (CPU_ISSET(cpu, &set)) {
      cpus.push_back(cpu);
    }
  }
  return cpus;
}

std::vector<std::uint32_t> housekeeping_cpus(const std::vector<std::uint32_t>& worker_cpus) {
  const std::vector<std::uint32_t> allowed = allowed_cpus();
  std::vector<std::uint32_t> cpus = allowed;
  std::erase_if(cpus, [&](std::uint32_t cpu) {
    return std::find(worker_cpus.begin(), worker_cpus.end(), cpu) != worker_cpus.end();
  });
  return cpus.empty() ? allowed : cpus;
}

bool is_pci_address(const std::string& device) {
  const std::string text =
      std::count(device.begin(), device.end(), ':') == 1 ? "0000:" + device : device;
  constexpr std::string_view kShape = "xxxx:xx:xx.x";
  return text.size() == kShape.size() &&
         std::equal(text.begin(), text.end(), kShape.begin(), [](char found, char shape) {
           return shape == 'x' ? std::isxdigit(static_cast<unsigned char>(found)) != 0
                               : found == shape;
         });
}

Result<Eal> Eal::start(const EalConfig& config,
                       const std::function<void(const std::string&)>& note) {
  std::vector<std::string> texts = arguments(config, use_hugepages(config, note));
  std::vector<char*> pointers;
  for (std::string& text : texts) {
    pointers.push_back(text.data());
  }
  keep_off_workers(housekeeping_cpus(config.worker_cpus));
  if (rte_eal_init(static_cast<int>(pointers.size()), pointers.data()) < 0) {
    return failed("DPDK does not start: " + std::string(rte_strerror(rte_errno)) +
                  "; its own lines above say more (device '" + config.device + "', " +
                  std::to_string(config.memory_mb) + " MB)");
  }
  return Eal(static_cast<std::uint32_t>(config.worker_cpus.size()));
}

Eal::~Eal() {
  if (started_) {
    rte_eal_cleanup();
  }
}

Result<void> Eal::launch(std::uint32_t worker, int (*run)(void*), void* argument) {
  if (const int error = rte_eal_remote_launch(run, argument, lcore_of(worker)); error != 0) {
    return errno_error("starting worker " + std::to_string(worker), -error);
  }
  return {};
}

bool Eal::wait(std::uint32_t patience_ms) {
  bool all = true;
  std::uint32_t ms = 0;
  for (std::uint32_t worker = 0; worker < workers_; ++worker) {
    for (; rte_eal_get_lcore_state(lcore_of(worker)) == RUNNING; ++ms) {
      if (ms >= patience_ms) {
        return false;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    all = rte_eal_wait_lcore(lcore_of(worker)) == 0 && all;
  }
  return all;
}

}  // namespace dialtone::io
