// SPDX-License-Identifier: Apache-2.0
#include "dataplane/io/port.h"

#include <rte_errno.h>
#include <rte_ethdev.h>
#include <rte_lcore.h>
#include <rte_mbuf.h>

#include <cerrno>

namespace dialtone::io {
namespace {

constexpr std::uint16_t kDescriptors = 1024;
// Both rings full, a burst in hand, the caches of two lcores; 2^n - 1 is what a pool likes best.
constexpr unsigned kBuffers = 4095;
constexpr unsigned kBufferCache = 256;

Error port_error(const std::string& what, int error) {
  return errno_error(what, error < 0 ? -error : error);
}

Result<std::uint16_t> only_port(const std::string& device) {
  std::uint16_t id;
  RTE_ETH_FOREACH_DEV(id) {
    return id;
  }
  return failed("device '" + device +
                "' gives no port: check its spelling and its arguments (docs/reference.md, "
                "\"Devices\"); DPDK's own lines above say more");
}

}  // namespace

Result<Port> Port::open(const std::string& device) {
  const auto id = only_port(device);
  if (!id) {
    return id.error();
  }
  return open_id(*id);
}

Result<Port> Port::open_id(std::uint16_t id) {
  const std::string name = "dialtone-port-" + std::to_string(id);
  rte_mempool* pool = rte_pktmbuf_pool_create(name.c_str(), kBuffers, kBufferCache, 0,
                                              RTE_MBUF_DEFAULT_BUF_SIZE, SOCKET_ID_ANY);
  if (pool == nullptr) {
    return failed("no memory for " + std::to_string(kBuffers) +
                  " packet buffers: " + rte_strerror(rte_errno) + "; raise memory_mb");
  }
  Port port(id, pool);
  DIALTONE_TRY(port.configure());
  return port;
}

Result<void> Port::configure() {
  rte_eth_dev_info info{};
  if (const int error = rte_eth_dev_info_get(id_, &info); error != 0) {
    return port_error("asking the port what it can do", error);
  }
  driver_ = info.driver_name;
  rte_eth_conf conf{};
  conf.rxmode.mq_mode = RTE_ETH_MQ_RX_NONE;
  // All buffers come from one pool and have one owner.
  conf.txmode.offloads = info.tx_offload_capa & RTE_ETH_TX_OFFLOAD_MBUF_FAST_FREE;
  if (const int error = rte_eth_dev_configure(id_, 1, 1, &conf); error != 0) {
    return port_error("configuring one queue pair on " + driver_, error);
  }
  std::uint16_t rx_descriptors = kDescriptors;
  std::uint16_t tx_descriptors = kDescriptors;
  if (const int error = rte_eth_dev_adjust_nb_rx_tx_desc(id_, &rx_descriptors, &tx_descriptors);
      error != 0) {
    return port_error("sizing the rings of " + driver_, error);
  }
  rte_eth_txconf tx = info.default_txconf;
  tx.offloads = conf.txmode.offloads;
  const unsigned socket = SOCKET_ID_ANY;
  if (const int error =
          rte_eth_rx_queue_setup(id_, 0, rx_descriptors, socket, &info.default_rxconf, pool_);
      error != 0) {
    return port_error("setting up the receive queue of " + driver_, error);
  }
  if (const int error = rte_eth_tx_queue_setup(id_, 0, tx_descriptors, socket, &tx); error != 0) {
    return port_error("setting up the transmit queue of " + driver_, error);
  }
  if (const int error = rte_eth_dev_start(id_); error != 0) {
    return port_error("starting the port of " + driver_, error);
  }
  // Drivers without such a mode pass every frame anyway.
  if (const int error = rte_eth_promiscuous_enable(id_); error != 0 && error != -ENOTSUP) {
    return port_error("setting the port of " + driver_ + " to promiscuous mode", error);
  }
  return {};
}

Port::~Port() {
  if (pool_ != nullptr) {
    rte_eth_dev_stop(id_);
    rte_eth_dev_close(id_);
    rte_mempool_free(pool_);
  }
}

}  // namespace dialtone::io
