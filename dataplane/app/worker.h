// SPDX-License-Identifier: Apache-2.0
//
// One worker: it owns a queue pair of the port and its ends of the rings between workers, and polls
// them until it is told to stop. Before that it may be told to finish what it has begun, to give
// that up, and to serve again: orders go to it by release and acquire, each with its number, and so
// comes back which one it has taken up, and that it has finished. run() belongs to the worker's
// lcore, and neither allocates, blocks, logs nor takes a lock (an idle worker sleeps when it is
// configured to); all else is for the housekeeper.
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
  void finish() noexcept { order(Task::kFinish); }
  // As finish(), without waiting for them.
  void give_up() noexcept { order(Task::kGiveUp); }
  void serve() noexcept { order(Task::kServe); }
  // It does what it was told last; at first it serves.
  bool has_taken_order() const noexcept {
    return answer_.load(std::memory_order_acquire) / 2 == order_.load(std::memory_order_relaxed);
  }
  // And that was to finish, and it has no transfer any more.
  bool is_finished() const noexcept {
    return answer_.load(std::memory_order_acquire) ==
           order_.load(std::memory_order_relaxed) * 2 + 1;
  }
  void stop() noexcept { order(Task::kStop); }

  // Changes with each turn of the loop; a worker whose heartbeat stands still is stuck.
  std::uint64_t heartbeat() const noexcept { return count(server::Counter::kHeartbeat); }
  // Of a counter or a drop reason, as it is now.
  template <typename What>
  std::uint64_t count(What what) const noexcept {
    return counters_.value(what);
  }

 private:
  enum class Task : std::uint8_t { kServe, kFinish, kGiveUp, kStop };
  // A number and a Task: an order is not mistaken for the same one of before.
  using Order = std::uint64_t;
  static constexpr Order kTasks = 4;
  void order(Task task) noexcept {
    const Order number = order_.load(std::memory_order_relaxed) / kTasks + 1;
    order_.store(number * kTasks + static_cast<Order>(task), std::memory_order_release);
  }
  void loop() noexcept;
  void follow(Order order) noexcept;
  void note_turn(Ticks now) noexcept;
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
  const TickRate rate_;
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
  std::uint32_t empty_polls_ = 0;  // since a turn found something to do
  Ticks turn_began_ = 0;
  Ticks busy_ticks_ = 0;
  Order taken_ = 0;
  bool serves_ = true;  // what it has made of that
  alignas(kCacheLine) std::atomic<Order> order_{0};
  std::atomic<Order> answer_{0};  // twice the one that it has taken up, and 1: it has finished
};

}  // namespace dialtone::app
