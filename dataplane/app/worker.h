// SPDX-License-Identifier: Apache-2.0
//
// One worker: it owns a queue pair of the port and its ends of the rings between workers, and polls
// them until it is told to stop. Before that it may be told to finish what it has begun, to give
// that up, and to serve again: orders go to it by release and acquire, and so comes back that it
// has finished. run() belongs to the worker's lcore, and neither allocates, blocks, logs nor takes
// a lock (an idle worker sleeps when it is configured to); all else is for the housekeeper.
#pragma once

#include "dataplane/app/exception_path.h"
#include "dataplane/app/miss_memory.h"
#include "dataplane/image/image_store.h"
#include "dataplane/io/burst.h"
#include "dataplane/io/handoff.h"
#include "dataplane/io/port.h"
#include "dataplane/io/reassembly.h"
#include "dataplane/server/counters.h"
#include "dataplane/server/responder.h"

#include <atomic>
#include <cstdint>

namespace dialtone::app {

struct WorkerConfig {
  std::uint32_t idle_sleep_us = 0;
  server::ResponderConfig responder;    // with the worker's number, which is also its queue pair's
  const MissMemory* misses = nullptr;   // null: control is never asked for a name
  ExceptionPath* exceptions = nullptr;  // null: the kernel gets nothing
};

class Worker {
 public:
  // `counters`: this worker's block. All that it is given outlives the worker.
  Worker(const WorkerConfig& config, const io::Port& port, io::HandoffMesh& mesh,
         io::Reassembly reassembly, image::ImageStore& store, std::span<std::uint64_t> counters);

  // Polls until stop(). As rte_eal_remote_launch() wants it: `worker` is a Worker.
  static int run(void* worker) noexcept;

  // Ends the transfers that it has and begins none. None of these after stop().
  void finish() noexcept { order_.store(Order::kFinish, std::memory_order_release); }
  // As finish(), without waiting for them.
  void give_up() noexcept { order_.store(Order::kGiveUp, std::memory_order_release); }
  void serve() noexcept { order_.store(Order::kServe, std::memory_order_release); }
  // It has no transfer any more, and begins none: true until it has taken serve() up.
  bool is_finished() const noexcept { return finished_.load(std::memory_order_acquire); }
  void stop() noexcept { order_.store(Order::kStop, std::memory_order_release); }

  // Changes with each turn of the loop; a worker whose heartbeat stands still is stuck.
  std::uint64_t heartbeat() const noexcept { return count(server::Counter::kHeartbeat); }
  // Of a counter or a drop reason, as it is now.
  template <typename What>
  std::uint64_t count(What what) const noexcept {
    return counters_.value(what);
  }

 private:
  enum class Order : std::uint8_t { kServe, kFinish, kGiveUp, kStop };
  void loop() noexcept;
  void follow(Order order) noexcept;
  bool answer_port(Ticks now) noexcept;         // true: something came in
  bool answer_handed_over(Ticks now) noexcept;  // likewise
  enum class From : std::uint8_t { kWire, kReassembly };
  void answer(rte_mbuf** buffers, std::uint16_t count, From from, Ticks now) noexcept;
  rte_mbuf* join(rte_mbuf* piece, const server::Frame& frame, Ticks now) noexcept;
  void expire_fragments(Ticks now) noexcept;
  void hand_over(rte_mbuf* buffer, std::uint32_t owner) noexcept;
  void punt(rte_mbuf* buffer) noexcept;
  bool send_of_kernel() noexcept;       // true: the kernel has sent something
  bool send_ready(Ticks now) noexcept;  // true: something is still to be sent
  void complete(rte_mbuf* buffer, const server::Frame& frame) const noexcept;
  std::uint16_t prepare(rte_mbuf** buffers, std::uint16_t count) noexcept;  // how many are left
  void send_unsent() noexcept;
  void rest() noexcept;
  void send(rte_mbuf** buffers, std::uint16_t count) noexcept;

  const std::uint32_t number_;
  const std::uint32_t idle_sleep_us_;
  const io::QueuePair pair_;
  rte_mempool* const pool_;
  const bool port_sums_;  // the port computes the checksums of what is sent
  io::HandoffMesh& mesh_;
  io::Reassembly reassembly_;
  image::ImageStore& store_;
  server::CounterBlock counters_;
  ExceptionPath* const exceptions_;
  server::Responder responder_;
  // Made by send_ready(), and the port had no room for it. Nothing more is made before it is gone:
  // a window is as fast as the port, and replies find room.
  rte_mbuf* unsent_[server::kMaxBurst];
  std::uint16_t unsent_count_ = 0;
  std::uint32_t empty_polls_ = 0;
  bool serves_ = true;  // what it has made of the last order
  alignas(kCacheLine) std::atomic<Order> order_{Order::kServe};
  std::atomic<bool> finished_{false};
};

}  // namespace dialtone::app
