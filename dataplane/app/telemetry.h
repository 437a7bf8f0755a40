// SPDX-License-Identifier: Apache-2.0
//
// What DPDK's own telemetry socket says about us, for those who use dpdk-telemetry.py already:
// /dialtone/stats, /dialtone/drops, /dialtone/sessions and /dialtone/image (docs/reference.md). The
// answers are written by threads of DPDK, which are never joined: they read the counters page and
// some atomics, all with relaxed loads, under a lock that only the making and the end of this
// object takes as well. No worker knows of any of it. One object at a time.
#pragma once

#include "dataplane/app/counters_memory.h"
#include "dataplane/image/image_store.h"

#include <atomic>
#include <cstdint>

namespace dialtone::app {

class Telemetry {
 public:
  // Behind the start of the EAL, which must have telemetry on, or nobody asks. `counters` outlives
  // it.
  explicit Telemetry(const CountersMemory& counters);
  ~Telemetry();
  Telemetry(const Telemetry&) = delete;
  Telemetry& operator=(const Telemetry&) = delete;

  // What /dialtone/image says from now on. Housekeeper.
  void note(const image::ImageStore& store) noexcept;

  struct Image {
    std::atomic<std::uint64_t> generation{0};
    std::atomic<std::uint64_t> files{0};
    std::atomic<std::uint64_t> segments{0};
    std::atomic<std::uint64_t> live_generations{0};
  };
  const CountersMemory& counters() const noexcept { return counters_; }
  const Image& image() const noexcept { return image_; }

 private:
  const CountersMemory& counters_;
  Image image_;
};

}  // namespace dialtone::app
