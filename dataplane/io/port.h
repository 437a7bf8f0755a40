// SPDX-License-Identifier: Apache-2.0
//
// One Ethernet port with one receive and one transmit queue, and the packet buffers for both. Cold:
// open and close belong to the housekeeper; the worker uses burst.h.
#pragma once

#include "dataplane/base/result.h"

#include <cstdint>
#include <string>
#include <utility>

struct rte_mempool;

namespace dialtone::io {

// What has to be so before DPDK is asked: the interface in "net_af_packet0,iface=eth1" exists and
// may be opened by this user. `note` gets what works but should be known.
Result<void> check_device(const std::string& device, std::string& note);

class Port {
 public:
  // The only port that DPDK has found; starts it, in promiscuous mode: the appliance has a MAC of
  // its own, which the interface does not know.
  static Result<Port> open(const std::string& device);

  // Likewise for a port that is there already, as tests make them.
  static Result<Port> open_id(std::uint16_t id);

  Port(Port&& other) noexcept
      : id_(other.id_), pool_(std::exchange(other.pool_, nullptr)), driver_(other.driver_) {}
  Port& operator=(Port&&) = delete;
  ~Port();  // no worker may use it any more

  std::uint16_t id() const noexcept { return id_; }
  rte_mempool* pool() const noexcept { return pool_; }
  const std::string& driver() const noexcept { return driver_; }

 private:
  Port(std::uint16_t id, rte_mempool* pool) noexcept : id_(id), pool_(pool) {}
  Result<void> configure();

  std::uint16_t id_;
  rte_mempool* pool_;
  std::string driver_;
};

}  // namespace dialtone::io
