// SPDX-License-Identifier: Apache-2.0
//
// All workers of this process, one for each queue pair of the port, and the rings between them.
// Sessions are divided evenly; each worker has its own part of the transfer ports (tftp/tid.h).
// Housekeeper only; the workers run on the lcores of the EAL.
#pragma once

#include "dataplane/app/counters_memory.h"
#include "dataplane/app/events_memory.h"
#include "dataplane/app/worker.h"
#include "dataplane/io/eal.h"
#include "dataplane/io/handoff.h"

#include <cstdint>
#include <deque>
#include <memory>

namespace dialtone::app {

class WorkerGroup {
 public:
  // `config` is for all of them: its max_sessions is the sum; what names a worker in it, and what
  // the group itself sees to (offload, reassembly, events), is not read. All the others, misses and
  // exceptions too, outlive the group; they have as many workers as the port queues.
  static Result<WorkerGroup> make(const WorkerConfig& config, const io::Port& port,
                                  image::ImageStore& store, const CountersMemory& counters,
                                  const EventsMemory& events);

  Result<void> start(io::Eal& eal);
  // Those that serve end the transfers that they have and begin none.
  void finish() noexcept;
  // Those that they have are given up.
  void give_up() noexcept;
  void serve() noexcept;
  // Each of them does what it was told last.
  bool have_taken_orders() const noexcept;
  // And that was to finish, and none of them has a transfer any more.
  bool are_finished() const noexcept;
  // False: not all of them have come back within a second, and the group must not be destroyed.
  bool stop(io::Eal& eal);

  std::uint32_t size() const noexcept { return static_cast<std::uint32_t>(workers_.size()); }
  // Of a counter or a drop reason, over all of them.
  template <typename What>
  std::uint64_t sum(What what) const noexcept {
    std::uint64_t sum = 0;
    for (const Worker& worker : workers_) {
      sum += worker.count(what);
    }
    return sum;
  }
  const Worker& operator[](std::uint32_t number) const noexcept { return workers_[number]; }

 private:
  explicit WorkerGroup(io::HandoffMesh mesh)
      : mesh_(std::make_unique<io::HandoffMesh>(std::move(mesh))) {}

  std::unique_ptr<io::HandoffMesh> mesh_;  // where it is, the workers find it
  std::deque<Worker> workers_;             // which cannot be moved
};

// `config` for one of `workers`.
WorkerConfig config_of_worker(WorkerConfig config, std::uint32_t number, std::uint32_t workers);

}  // namespace dialtone::app
