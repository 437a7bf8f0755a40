// SPDX-License-Identifier: Apache-2.0
//
// DPDK's environment: started once in a process from our own narrow settings, never from a raw
// argument list. Two lcores: 0 is the thread that calls start() (the housekeeper), kWorkerLcore
// runs the worker, alone on its CPU. Cold; blocks for some 100 ms.
#pragma once

#include "dataplane/base/result.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace dialtone::io {

inline constexpr unsigned kWorkerLcore = 1;

struct EalConfig {
  std::string device;            // a DPDK device string, or a PCI address; empty: none
  std::uint32_t worker_cpu = 0;  // among the CPUs that this process may use
  std::uint32_t memory_mb = 128;
  bool hugepages = true;  // when there are enough of them
};

// CPUs that the calling thread may use, in order.
std::vector<std::uint32_t> allowed_cpus();

// True for "0000:01:00.0" and "01:00.0".
bool is_pci_address(const std::string& device);

class Eal {
 public:
  // `note` gets a line when something is not as configured, and goes on. At most once in a process;
  // after a failure the process should end.
  static Result<Eal> start(const EalConfig& config,
                           const std::function<void(const std::string&)>& note);

  Eal(Eal&& other) noexcept : started_(std::exchange(other.started_, false)) {}
  Eal& operator=(Eal&&) = delete;
  ~Eal();

  // Runs `run(argument)` on the worker's lcore.
  Result<void> launch(int (*run)(void*), void* argument);
  // True when it has come back, within `patience_ms`.
  bool wait(std::uint32_t patience_ms);

 private:
  Eal() = default;
  bool started_ = true;
};

}  // namespace dialtone::io
