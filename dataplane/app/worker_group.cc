// SPDX-License-Identifier: Apache-2.0
#include "dataplane/app/worker_group.h"

#include <algorithm>
#include <bit>

namespace dialtone::app {
namespace {

// Longer than the longest sleep of an idle worker.
constexpr std::uint32_t kStopWithinMs = 800;

}  // namespace

WorkerConfig config_of_worker(WorkerConfig config, std::uint32_t number, std::uint32_t workers) {
  server::ResponderConfig& responder = config.responder;
  responder.worker = number;
  responder.announces = responder.announces && number == 0;
  responder.workers = workers;
  responder.worker_bits = static_cast<std::uint32_t>(std::bit_width(workers - 1));
  responder.max_sessions = (responder.max_sessions + workers - 1) / workers;
  return config;
}

Result<WorkerGroup> WorkerGroup::make(const WorkerConfig& config, const io::Port& port,
                                      image::ImageStore& store, const CountersMemory& counters,
                                      const EventsMemory& events) {
  const std::uint32_t workers = port.queues();
  WorkerConfig whole = config;
  whole.responder.reassembles = true;
  whole.responder.offload = {port.computes_checksums(), port.computes_checksums()};
  auto mesh = io::HandoffMesh::make(workers);
  if (!mesh) {
    return mesh.error();
  }
  WorkerGroup group(std::move(*mesh));
  for (std::uint32_t number = 0; number < workers; ++number) {
    auto reassembly = io::Reassembly::make(whole.responder.rate);
    if (!reassembly) {
      return reassembly.error();
    }
    WorkerConfig one = config_of_worker(whole, number, workers);
    if (whole.misses != nullptr) {
      one.responder.misses = whole.misses->writer(number);
    }
    one.responder.events = events.ring(number);
    group.workers_.emplace_back(one, port, *group.mesh_, std::move(*reassembly), store,
                                counters.worker(number));
  }
  return group;
}

Result<void> WorkerGroup::start(io::Eal& eal) {
  for (std::uint32_t number = 0; number < size(); ++number) {
    if (auto started = eal.launch(number, &Worker::run, &workers_[number]); !started) {
      static_cast<void>(stop(eal));
      return started;
    }
  }
  return {};
}

void WorkerGroup::finish() noexcept {
  for (Worker& worker : workers_) {
    worker.finish();
  }
}

void WorkerGroup::give_up() noexcept {
  for (Worker& worker : workers_) {
    worker.give_up();
  }
}

void WorkerGroup::serve() noexcept {
  for (Worker& worker : workers_) {
    worker.serve();
  }
}

bool WorkerGroup::have_taken_orders() const noexcept {
  return std::all_of(workers_.begin(), workers_.end(),
                     [](const Worker& worker) { return worker.has_taken_order(); });
}

bool WorkerGroup::are_finished() const noexcept {
  return std::all_of(workers_.begin(), workers_.end(),
                     [](const Worker& worker) { return worker.is_finished(); });
}

bool WorkerGroup::stop(io::Eal& eal) {
  for (Worker& worker : workers_) {
    worker.stop();
  }
  return eal.wait(kStopWithinMs);
}

}  // namespace dialtone::app
