// SPDX-License-Identifier: Apache-2.0
//
// One Ethernet port with a receive and a transmit queue for each worker, and the packet buffers for
// all of them. Cold: open and close belong to the housekeeper; workers use burst.h.
#pragma once

#include "dataplane/base/result.h"

#include <cstdint>
#include <string>
#include <utility>

struct rte_eth_conf;
struct rte_eth_dev_info;
struct rte_mempool;

namespace dialtone::io {

struct PortConfig {
  std::uint16_t queues = 1;       // queue pairs: one for each worker
  bool checksum_offload = false;  // where the port can compute all that replies need
};

// Frames that the port itself loses, since its start.
struct PortLosses {
  std::uint64_t missed = 0;     // its receive queues were full
  std::uint64_t broken = 0;     // received, and no good
  std::uint64_t no_buffer = 0;  // the pool was empty
  std::uint64_t not_sent = 0;   // taken from a worker
};

class Port {
 public:
  // The only port that DPDK has found; starts it, in promiscuous mode: the appliance has a MAC of
  // its own, which the interface does not know.
  static Result<Port> open(const std::string& device, const PortConfig& config);

  // Likewise for a port that is there already, as tests make them.
  static Result<Port> open_id(std::uint16_t id, const PortConfig& config);

  Port(Port&& other) noexcept
      : id_(other.id_),
        queues_(other.queues_),
        computes_checksums_(other.computes_checksums_),
        pool_(std::exchange(other.pool_, nullptr)),
        driver_(other.driver_),
        interface_(other.interface_),
        steering_(other.steering_) {}
  Port& operator=(Port&&) = delete;
  ~Port();  // no worker may use it any more

  std::uint16_t id() const noexcept { return id_; }
  std::uint16_t queues() const noexcept { return queues_; }
  rte_mempool* pool() const noexcept { return pool_; }
  // It fills in those of IPv4 headers and of UDP when asked to (checksum.h).
  bool computes_checksums() const noexcept { return computes_checksums_; }
  // Bytes of an IP packet that it carries now, VLAN tags not counted: of an interface of the kernel
  // it can be set meanwhile. Nothing when neither the kernel nor the driver says.
  std::optional<std::uint32_t> mtu() const;
  // Whether there is a link, as far as the driver and the kernel know; a worker may use the port
  // meanwhile.
  bool link_is_up() const;
  // That of the kernel below it; empty: none.
  const std::string& interface() const noexcept { return interface_; }
  const std::string& driver() const noexcept { return driver_; }
  // As far as its driver counts them; nothing when it does not answer. A worker may use the port
  // meanwhile.
  std::optional<PortLosses> losses() const noexcept;
  // What is known of how it spreads frames over the queues (steering.h); empty when there is one.
  const std::string& steering() const noexcept { return steering_; }

 private:
  Port(std::uint16_t id, std::uint16_t queues, rte_mempool* pool) noexcept
      : id_(id), queues_(queues), pool_(pool) {}
  Result<void> configure(const PortConfig& config);
  Result<void> set_up_queues(const rte_eth_dev_info& info, const rte_eth_conf& conf);

  std::uint16_t id_;
  std::uint16_t queues_;
  bool computes_checksums_ = false;
  rte_mempool* pool_;
  std::string driver_;
  std::string interface_;
  std::string steering_;
};

}  // namespace dialtone::io
