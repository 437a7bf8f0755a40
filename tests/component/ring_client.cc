// SPDX-License-Identifier: Apache-2.0
#include "tests/component/ring_client.h"

#include "dataplane/base/check.h"

#include <rte_eth_ring.h>
#include <rte_mbuf.h>
#include <rte_ring.h>

#include <chrono>
#include <cstring>
#include <thread>

namespace dialtone::test {
namespace {

constexpr unsigned kRingSize = 1024;

std::string unique(const char* what) {
  static int count = 0;
  return std::string(what) + std::to_string(count++);
}

rte_ring* make_ring() {
  return rte_ring_create(unique("wire").c_str(), kRingSize, SOCKET_ID_ANY,
                         RING_F_SP_ENQ | RING_F_SC_DEQ);
}

}  // namespace

RingClient::RingClient()
    : pool_(rte_pktmbuf_pool_create(unique("client").c_str(), 1023, 0, 0, RTE_MBUF_DEFAULT_BUF_SIZE,
                                    SOCKET_ID_ANY)),
      to_worker_(make_ring()),
      from_worker_(make_ring()) {
  DIALTONE_CHECK(pool_ != nullptr && to_worker_ != nullptr && from_worker_ != nullptr);
  const int port = rte_eth_from_rings(unique("ring").c_str(), &to_worker_, 1, &from_worker_, 1, 0);
  DIALTONE_CHECK(port >= 0);
  port_ = static_cast<std::uint16_t>(port);
}

RingClient::~RingClient() {
  while (receive(0)) {
  }
  rte_ring_free(to_worker_);
  rte_ring_free(from_worker_);
  rte_mempool_free(pool_);
}

void RingClient::send(std::string_view frame) {
  rte_mbuf* buffer = rte_pktmbuf_alloc(pool_);
  DIALTONE_CHECK(buffer != nullptr);
  char* room = rte_pktmbuf_append(buffer, static_cast<std::uint16_t>(frame.size()));
  DIALTONE_CHECK(room != nullptr);
  std::memcpy(room, frame.data(), frame.size());
  DIALTONE_CHECK(rte_ring_enqueue(to_worker_, buffer) == 0);
}

std::optional<std::string> RingClient::receive(std::uint32_t patience_ms) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(patience_ms);
  void* item = nullptr;
  while (rte_ring_dequeue(from_worker_, &item) != 0) {
    if (std::chrono::steady_clock::now() >= end) {
      return std::nullopt;
    }
    std::this_thread::yield();
  }
  auto* buffer = static_cast<rte_mbuf*>(item);
  std::string frame(rte_pktmbuf_mtod(buffer, const char*), rte_pktmbuf_data_len(buffer));
  rte_pktmbuf_free(buffer);
  return frame;
}

}  // namespace dialtone::test
