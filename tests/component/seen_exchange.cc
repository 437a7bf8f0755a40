// SPDX-License-Identifier: Apache-2.0
#include "tests/component/seen_exchange.h"

#include "dataplane/base/check.h"

#include <rte_ethdev.h>
#include <rte_malloc.h>
#include <rte_mbuf_pool_ops.h>
#include <rte_mempool.h>

#include <cstring>
#include <string_view>

namespace dialtone::test {
namespace {

#ifdef __SANITIZE_THREAD__
constexpr bool kIsSeen = true;
#else
constexpr bool kIsSeen = false;
#endif

// What the pools of DPDK are made of by default.
const rte_mempool_ops& ring_ops() {
  for (std::uint32_t i = 0; i < rte_mempool_ops_table.num_ops; ++i) {
    const rte_mempool_ops& ops = rte_mempool_ops_table.ops[i];
    if (std::string_view(ops.name) == "ring_mp_mc") {
      return ops;
    }
  }
  DIALTONE_CHECK(!"librte_mempool_ring is loaded");
  return rte_mempool_ops_table.ops[0];
}

SeenExchange& exchange_of(const rte_mempool* pool) {
  return *static_cast<SeenExchange*>(pool->pool_config);
}

int make(rte_mempool* pool) {
  pool->pool_config = new SeenExchange;
  return ring_ops().alloc(pool);
}

void unmake(rte_mempool* pool) {
  ring_ops().free(pool);
  delete &exchange_of(pool);
}

int give(rte_mempool* pool, void* const* objects, unsigned count) {
  exchange_of(pool).give();
  return ring_ops().enqueue(pool, objects, count);
}

int take(rte_mempool* pool, void** objects, unsigned count) {
  const int result = ring_ops().dequeue(pool, objects, count);
  exchange_of(pool).take();
  return result;
}

unsigned count_of(const rte_mempool* pool) {
  return ring_ops().get_count(pool);
}

std::uint16_t receives(std::uint16_t, std::uint16_t, rte_mbuf**, std::uint16_t count, std::uint16_t,
                       void* exchange) {
  if (count != 0) {
    static_cast<SeenExchange*>(exchange)->take();
  }
  return count;
}

std::uint16_t sends(std::uint16_t, std::uint16_t, rte_mbuf**, std::uint16_t count, void* exchange) {
  static_cast<SeenExchange*>(exchange)->give();
  return count;
}

}  // namespace

void see_pools() {
  if (!kIsSeen) {
    return;
  }
  static rte_mempool_ops ops{};
  std::strcpy(ops.name, "seen");
  ops.alloc = make;
  ops.free = unmake;
  ops.enqueue = give;
  ops.dequeue = take;
  ops.get_count = count_of;
  DIALTONE_CHECK(rte_mempool_register_ops(&ops) >= 0);
  DIALTONE_CHECK(rte_mbuf_set_user_mempool_ops(ops.name) == 0);
}

SeenPort::SeenPort(std::uint32_t queues) : queues_(queues) {}

void SeenPort::attach(std::uint16_t port) {
  port_ = port;
  for (std::uint16_t i = 0; kIsSeen && i < queues_.size(); ++i) {
    Queue& queue = queues_[i];
    queue.receives = rte_eth_add_rx_callback(port, i, receives, &queue.to_worker);
    queue.sends = rte_eth_add_tx_callback(port, i, sends, &queue.from_worker);
    DIALTONE_CHECK(queue.receives != nullptr && queue.sends != nullptr);
  }
}

void SeenPort::detach() {
  for (std::uint16_t i = 0; kIsSeen && i < queues_.size(); ++i) {
    Queue& queue = queues_[i];
    rte_eth_remove_rx_callback(port_, i, queue.receives);
    rte_eth_remove_tx_callback(port_, i, queue.sends);
    rte_free(const_cast<rte_eth_rxtx_callback*>(queue.receives));
    rte_free(const_cast<rte_eth_rxtx_callback*>(queue.sends));
  }
}

}  // namespace dialtone::test
