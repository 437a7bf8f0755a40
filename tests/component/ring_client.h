// SPDX-License-Identifier: Apache-2.0
//
// The other end of a worker's port: two software rings in place of a cable. Frames go in and come
// out in order, none is lost. Belongs to the test's thread, EAL's main lcore.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

struct rte_mempool;
struct rte_ring;

namespace dialtone::test {

class RingClient {
 public:
  RingClient();
  ~RingClient();  // after the port is closed
  RingClient(const RingClient&) = delete;
  RingClient& operator=(const RingClient&) = delete;

  std::uint16_t port() const { return port_; }

  void send(std::string_view frame);
  // The next frame from the worker; nothing when none comes in time.
  std::optional<std::string> receive(std::uint32_t patience_ms = 2000);

 private:
  rte_mempool* pool_;
  rte_ring* to_worker_;
  rte_ring* from_worker_;
  std::uint16_t port_;
};

}  // namespace dialtone::test
