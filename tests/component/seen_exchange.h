// SPDX-License-Identifier: Apache-2.0
//
// Under the thread sanitizer: what the libraries of DPDK order between threads, said with atomics
// of our own. The sanitizer sees no code of theirs, so it would take a buffer that went through a
// ring or a pool for one that two threads write to at once. Nothing here is used without it.
#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

struct rte_eth_rxtx_callback;

namespace dialtone::test {

// From whoever gives to whoever takes later.
class SeenExchange {
 public:
  void give() noexcept { count_.fetch_add(1, std::memory_order_release); }
  void take() const noexcept { static_cast<void>(count_.load(std::memory_order_acquire)); }

 private:
  std::atomic<std::uint64_t> count_{0};
};

// Of all pools that are made from now on. Once, when EAL has started.
void see_pools();

// Of the queues of one port, whose other end is the test. A worker's side is seen from attach() to
// detach(), between which the port is open.
class SeenPort {
 public:
  explicit SeenPort(std::uint32_t queues);

  void attach(std::uint16_t port);
  void detach();

  void test_gives(std::uint32_t queue) noexcept { queues_[queue].to_worker.give(); }
  void test_takes(std::uint32_t queue) const noexcept { queues_[queue].from_worker.take(); }

 private:
  struct Queue {
    SeenExchange to_worker;
    SeenExchange from_worker;
    const rte_eth_rxtx_callback* receives = nullptr;
    const rte_eth_rxtx_callback* sends = nullptr;
  };
  std::vector<Queue> queues_;
  std::uint16_t port_ = 0;
};

}  // namespace dialtone::test
