// SPDX-License-Identifier: Apache-2.0
//
// Many phones on one port and one CPU. Closed loop: each phone that is at work has one frame on its
// way, and sends the next when the answer is there. Open loop: frames go out at a constant rate,
// whatever comes back; a phone that has its answer waits for its turn. One thread.
#pragma once

#include "bench/limit/meter.h"
#include "bench/limit/phone.h"
#include "dataplane/io/burst.h"

#include <cstddef>
#include <cstdint>
#include <vector>

struct rte_mempool;

namespace dialtone::limit {

struct GeneratorConfig {
  bool bounce = false;       // the other side is a forwarder: send probes
  std::uint16_t probe = 0;   // bytes of one
  std::uint32_t open = 256;  // phones at work at a time
  std::uint64_t rate = 0;    // frames a second that want an answer; 0: closed loop
  std::uint64_t warmup_us = 500'000;
  std::uint64_t run_us = 2'000'000;
  TickRate ticks;
};

class Generator {
 public:
  Generator(const GeneratorConfig& config, io::QueuePair pair, rte_mempool* pool,
            std::vector<Phone>& phones);

  void run() noexcept;

  // Of the measured time, which begins after the warm-up.
  const Counts& counts() const { return counts_; }
  const Histogram& latency() const { return latency_; }
  // From the request to the last block, with what was lost and asked for anew.
  const Histogram& fetches() const { return fetches_; }
  double seconds() const { return seconds_; }
  double cpu_share() const { return cpu_share_; }  // of a CPU that the kernel gave
  double busy_share() const {
    return busy_share_;
  }  // of the time in turns that had something to do

 private:
  struct Ready {
    rte_mbuf* buffer;
    std::uint32_t phone;
  };
  struct Flight {
    std::uint32_t phone;
    std::uint32_t serial;
  };
  // First in, first out, of fixed room; a power of two.
  template <typename Item>
  class Fifo {
   public:
    explicit Fifo(std::size_t room) : items_(room) {}
    bool empty() const noexcept { return head_ == tail_; }
    bool full() const noexcept { return tail_ - head_ == items_.size(); }
    const Item& front() const noexcept { return items_[head_ & (items_.size() - 1)]; }
    void pop() noexcept { ++head_; }
    void push(const Item& item) noexcept { items_[tail_++ & (items_.size() - 1)] = item; }

   private:
    std::vector<Item> items_;
    std::size_t head_ = 0;
    std::size_t tail_ = 0;
  };

  bool turn(Ticks now) noexcept;
  void start(std::uint32_t number) noexcept;
  void begin(std::uint32_t number) noexcept;
  std::uint16_t receive(Ticks now) noexcept;
  void handle(std::uint32_t number, rte_mbuf* buffer, Ticks now) noexcept;
  void finish(std::uint32_t number, rte_mbuf* buffer, Ticks now) noexcept;
  bool send(Ticks now) noexcept;
  std::uint64_t allowed(Ticks now) const noexcept;
  void give_up_late(Ticks now) noexcept;
  void measure(Ticks from, Ticks until) noexcept;

  GeneratorConfig config_;
  io::QueuePair pair_;
  rte_mempool* pool_;
  std::vector<Phone>& phones_;
  Fifo<std::uint32_t> idle_;
  Fifo<Ready> ready_;
  Fifo<Flight> flights_;
  Counts counts_;
  Histogram latency_;
  Histogram fetches_;
  Ticks rate_since_ = 0;
  std::uint64_t rate_sent_ = 0;
  bool stopped_ = false;
  double seconds_ = 0;
  double cpu_share_ = 0;
  double busy_share_ = 0;
};

}  // namespace dialtone::limit
