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

std::vector<rte_ring*> make_rings(std::uint32_t count) {
  std::vector<rte_ring*> rings;
  for (std::uint32_t i = 0; i < count; ++i) {
    rings.push_back(rte_ring_create(unique("wire").c_str(), kRingSize, SOCKET_ID_ANY,
                                    RING_F_SP_ENQ | RING_F_SC_DEQ));
    DIALTONE_CHECK(rings.back() != nullptr);
  }
  return rings;
}

}  // namespace

RingClient::RingClient(std::uint32_t queues)
    : pool_(rte_pktmbuf_pool_create(unique("client").c_str(), 2047, 0, 0, RTE_MBUF_DEFAULT_BUF_SIZE,
                                    SOCKET_ID_ANY)),
      to_workers_(make_rings(queues)),
      from_workers_(make_rings(queues)),
      seen_(queues) {
  DIALTONE_CHECK(pool_ != nullptr);
  const int port = rte_eth_from_rings(unique("ring").c_str(), to_workers_.data(), queues,
                                      from_workers_.data(), queues, 0);
  DIALTONE_CHECK(port >= 0);
  port_ = static_cast<std::uint16_t>(port);
}

RingClient::~RingClient() {
  while (receive_now()) {
  }
  for (const auto* rings : {&to_workers_, &from_workers_}) {
    for (rte_ring* ring : *rings) {
      rte_ring_free(ring);
    }
  }
  rte_mempool_free(pool_);
}

rte_mbuf* RingClient::make_frame(std::string_view frame) {
  rte_mbuf* buffer = rte_pktmbuf_alloc(pool_);
  if (buffer == nullptr) {
    return nullptr;
  }
  char* room = rte_pktmbuf_append(buffer, static_cast<std::uint16_t>(frame.size()));
  DIALTONE_CHECK(room != nullptr);
  std::memcpy(room, frame.data(), frame.size());
  return buffer;
}

void RingClient::send(std::string_view frame, std::uint32_t queue) {
  const auto end = std::chrono::steady_clock::now() + kPatience;
  rte_mbuf* buffer = make_frame(frame);
  seen_.test_gives(queue);
  while (buffer == nullptr || rte_ring_enqueue(to_workers_[queue], buffer) != 0) {
    DIALTONE_CHECK(std::chrono::steady_clock::now() < end);
    std::this_thread::yield();
    buffer = buffer == nullptr ? make_frame(frame) : buffer;
    seen_.test_gives(queue);
  }
}

std::uint32_t RingClient::buffers_out() const {
  return rte_mempool_in_use_count(pool_);
}

rte_mbuf* RingClient::poll() {
  for (std::uint32_t queue = 0; queue < from_workers_.size(); ++queue) {
    void* item = nullptr;
    if (rte_ring_dequeue(from_workers_[queue], &item) == 0) {
      seen_.test_takes(queue);
      received_from_ = queue;
      return static_cast<rte_mbuf*>(item);
    }
  }
  return nullptr;
}

std::optional<std::string> RingClient::receive(std::chrono::milliseconds patience) {
  const auto end = std::chrono::steady_clock::now() + patience;
  rte_mbuf* buffer = poll();
  while (buffer == nullptr) {
    if (std::chrono::steady_clock::now() >= end) {
      return std::nullopt;
    }
    std::this_thread::yield();
    buffer = poll();
  }
  std::string frame(rte_pktmbuf_mtod(buffer, const char*), rte_pktmbuf_data_len(buffer));
  rte_pktmbuf_free(buffer);
  return frame;
}

}  // namespace dialtone::test
