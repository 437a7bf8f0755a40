// SPDX-License-Identifier: Apache-2.0
#include "dataplane/io/packet_pool.h"

#include "dataplane/io/burst.h"
#include "dataplane/io/handoff.h"
#include "dataplane/io/reassembly.h"

#include <rte_errno.h>
#include <rte_mempool.h>

namespace dialtone::io {
namespace {

constexpr std::uint32_t kCache = 256;
constexpr std::uint32_t kCacheMost = kCache + kCache / 2;  // then DPDK gives some back
constexpr std::uint32_t kBurstsInHand = 4;
// What drivers, rings and DPDK itself take besides.
constexpr std::uint32_t kOtherMb = 24;

}  // namespace

std::uint32_t buffers_for(std::uint32_t workers) noexcept {
  const std::uint32_t each =
      2 * kDescriptors + (workers - 1) * kHandoffRing + kBurstsInHand * kBurst + kCacheMost;
  // 2^n - 1 is what a pool likes best. One more cache: the housekeeper's.
  return rte_align32pow2(workers * each + kCacheMost + 1) - 1;
}

std::uint32_t memory_mb_for(std::uint32_t workers) noexcept {
  const std::uint64_t buffer =
      rte_mempool_calc_obj_size(sizeof(rte_mbuf) + RTE_MBUF_DEFAULT_BUF_SIZE, 0, nullptr);
  return static_cast<std::uint32_t>((buffers_for(workers) * buffer >> 20) + 1 + kOtherMb);
}

Result<rte_mempool*> make_packet_pool(const std::string& name, std::uint32_t workers) {
  const std::uint32_t buffers = buffers_for(workers);
  rte_mempool* pool = rte_pktmbuf_pool_create(name.c_str(), buffers, kCache, 0,
                                              RTE_MBUF_DEFAULT_BUF_SIZE, SOCKET_ID_ANY);
  if (pool == nullptr) {
    return failed("no memory for " + std::to_string(buffers) +
                  " packet buffers: " + rte_strerror(rte_errno) + "; set memory_mb to " +
                  std::to_string(memory_mb_for(workers)) + " or more");
  }
  return pool;
}

}  // namespace dialtone::io
