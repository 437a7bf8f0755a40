// SPDX-License-Identifier: Apache-2.0
//
// The other end of the workers' port: two software rings for each queue pair in place of a cable.
// Frames go in and come out in order, none is lost; a test says into which queue one comes, as a
// NIC's hash would. Belongs to the test's thread, EAL's main lcore.
#pragma once

#include "tests/component/patience.h"
#include "tests/component/seen_exchange.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct rte_mbuf;
struct rte_mempool;
struct rte_ring;

namespace dialtone::test {

class RingClient {
 public:
  explicit RingClient(std::uint32_t queues = 1);
  ~RingClient();  // after the port is closed
  RingClient(const RingClient&) = delete;
  RingClient& operator=(const RingClient&) = delete;

  std::uint16_t port() const { return port_; }

  // The port is open, and no worker polls it yet; no worker polls it any more, and it is still
  // open.
  void attach() { seen_.attach(port_); }
  void detach() { seen_.detach(); }

  // Waits while the ring or the pool of buffers has no room; aborts when that does not end.
  void send(std::string_view frame, std::uint32_t queue = 0);
  // The next frame from any worker; nothing when none comes in time.
  std::optional<std::string> receive(std::chrono::milliseconds patience = kPatience);
  // Of those that are there.
  std::optional<std::string> receive_now() { return receive(std::chrono::milliseconds(0)); }
  // Buffers of frames that were sent and are neither received nor given back.
  std::uint32_t buffers_out() const;
  // Which queue the last frame came from.
  std::uint32_t received_from() const { return received_from_; }

 private:
  rte_mbuf* make_frame(std::string_view frame);
  rte_mbuf* poll();

  rte_mempool* pool_;
  std::vector<rte_ring*> to_workers_;
  std::vector<rte_ring*> from_workers_;
  SeenPort seen_;
  std::uint32_t received_from_ = 0;
  std::uint16_t port_;
};

}  // namespace dialtone::test
