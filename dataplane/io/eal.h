// SPDX-License-Identifier: Apache-2.0
//
// DPDK's environment: started once in a process from our own narrow settings, never from a raw
// argument list. Lcore 0 is the thread that calls start() (the housekeeper); worker w runs on lcore
// w + 1, alone on its CPU. Cold; blocks for some 100 ms.
#pragma once

#include "dataplane/base/result.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace dialtone::io {

struct EalConfig {
  std::string device;                      // a DPDK device string, or a PCI address; empty: none
  std::vector<std::uint32_t> worker_cpus;  // among the CPUs that this process may use
  std::uint32_t memory_mb = 128;
  bool hugepages = true;   // when there are enough of them
  bool telemetry = false;  // DPDK's socket for dpdk-telemetry.py
};

// CPUs that the calling thread may use, in order.
std::vector<std::uint32_t> allowed_cpus();

// Every CPU that the calling thread may use but the workers'; all of them when that leaves none.
std::vector<std::uint32_t> housekeeping_cpus(const std::vector<std::uint32_t>& worker_cpus);

// True for "0000:01:00.0" and "01:00.0".
bool is_pci_address(const std::string& device);

class Eal {
 public:
  // `note` gets a line when something is not as configured, and goes on. At most once in a process;
  // after a failure the process should end.
  static Result<Eal> start(const EalConfig& config,
                           const std::function<void(const std::string&)>& note);

  Eal(Eal&& other) noexcept
      : workers_(other.workers_), started_(std::exchange(other.started_, false)) {}
  Eal& operator=(Eal&&) = delete;
  ~Eal();

  std::uint32_t workers() const noexcept { return workers_; }

  // Runs `run(argument)` on the lcore of a worker.
  Result<void> launch(std::uint32_t worker, int (*run)(void*), void* argument);
  // True when all that were launched have come back, within `patience_ms`.
  bool wait(std::uint32_t patience_ms);

 private:
  explicit Eal(std::uint32_t workers) noexcept : workers_(workers) {}
  std::uint32_t workers_;
  bool started_ = true;
};

}  // namespace dialtone::io
