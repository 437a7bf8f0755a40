// SPDX-License-Identifier: Apache-2.0
#include "dataplane/io/port.h"

#include "dataplane/io/device_check.h"
#include "dataplane/io/packet_pool.h"
#include "dataplane/io/steering.h"

#include <rte_ethdev.h>
#include <rte_mempool.h>

#include <algorithm>
#include <cerrno>
#include <optional>

namespace dialtone::io {
namespace {

constexpr std::uint64_t kTxChecksums = RTE_ETH_TX_OFFLOAD_IPV4_CKSUM | RTE_ETH_TX_OFFLOAD_UDP_CKSUM;
constexpr std::uint64_t kRxChecksums = RTE_ETH_RX_OFFLOAD_IPV4_CKSUM | RTE_ETH_RX_OFFLOAD_UDP_CKSUM;

Error port_error(const std::string& what, int error) {
  return errno_error(what, error < 0 ? -error : error);
}

// Nothing where the driver does not say.
std::optional<std::uint64_t> granted_hashes(std::uint16_t id) {
  rte_eth_rss_conf conf{};
  return rte_eth_dev_rss_hash_conf_get(id, &conf) == 0 ? std::optional(conf.rss_hf) : std::nullopt;
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

Result<Port> Port::open(const std::string& device, const PortConfig& config) {
  const auto id = only_port(device);
  if (!id) {
    return id.error();
  }
  auto port = open_id(*id, config);
  if (port) {
    port->interface_ = interface_of(device);
  }
  return port;
}

Result<Port> Port::open_id(std::uint16_t id, const PortConfig& config) {
  auto pool = make_packet_pool("packets-" + std::to_string(id), config.queues);
  if (!pool) {
    return pool.error();
  }
  Port port(id, config.queues, *pool);
  DIALTONE_TRY(port.configure(config));
  return port;
}

Result<void> Port::configure(const PortConfig& config) {
  rte_eth_dev_info info{};
  if (const int error = rte_eth_dev_info_get(id_, &info); error != 0) {
    return port_error("asking the port what it can do", error);
  }
  driver_ = info.driver_name;
  if (const auto most = std::min(info.max_rx_queues, info.max_tx_queues); most < queues_) {
    return failed(driver_ + " has " + std::to_string(most) + " queue pair(s) here and " +
                  std::to_string(queues_) + " workers need one each: give the device more of " +
                  "them (docs/reference.md, \"Devices\"), or fewer lcores");
  }
  rte_eth_conf conf{};
  const std::uint64_t hashes = queues_ == 1 ? 0 : hashes_of_addresses(info.flow_type_rss_offloads);
  conf.rxmode.mq_mode = hashes == 0 ? RTE_ETH_MQ_RX_NONE : RTE_ETH_MQ_RX_RSS;
  conf.rx_adv_conf.rss_conf.rss_hf = hashes;
  if (std::uint8_t* key = hashes == 0 ? nullptr : hash_key(info.hash_key_size)) {
    conf.rx_adv_conf.rss_conf.rss_key = key;
    conf.rx_adv_conf.rss_conf.rss_key_len = info.hash_key_size;
  }
  // All buffers come from one pool and have one owner.
  conf.txmode.offloads = info.tx_offload_capa & RTE_ETH_TX_OFFLOAD_MBUF_FAST_FREE;
  if (config.checksum_offload) {
    conf.rxmode.offloads = info.rx_offload_capa & kRxChecksums;
    computes_checksums_ = (info.tx_offload_capa & kTxChecksums) == kTxChecksums;
    conf.txmode.offloads |= computes_checksums_ ? kTxChecksums : 0;
  }
  if (const int error = rte_eth_dev_configure(id_, queues_, queues_, &conf); error != 0) {
    return port_error("configuring " + std::to_string(queues_) + " queue pair(s) on " + driver_,
                      error);
  }
  DIALTONE_TRY(set_up_queues(info, conf));
  if (const int error = rte_eth_dev_start(id_); error != 0) {
    return port_error("starting the port of " + driver_, error);
  }
  if (queues_ > 1) {
    steering_ = steering_text(driver_, hashes, granted_hashes(id_));
  }
  // Drivers without such a mode pass every frame anyway.
  if (const int error = rte_eth_promiscuous_enable(id_); error != 0 && error != -ENOTSUP) {
    return port_error("setting the port of " + driver_ + " to promiscuous mode", error);
  }
  return {};
}

Result<void> Port::set_up_queues(const rte_eth_dev_info& info, const rte_eth_conf& conf) {
  std::uint16_t rx_descriptors = kDescriptors;
  std::uint16_t tx_descriptors = kDescriptors;
  if (const int error = rte_eth_dev_adjust_nb_rx_tx_desc(id_, &rx_descriptors, &tx_descriptors);
      error != 0) {
    return port_error("sizing the rings of " + driver_, error);
  }
  rte_eth_rxconf rx = info.default_rxconf;
  rx.offloads = conf.rxmode.offloads;
  rte_eth_txconf tx = info.default_txconf;
  tx.offloads = conf.txmode.offloads;
  const unsigned socket = SOCKET_ID_ANY;
  for (std::uint16_t queue = 0; queue < queues_; ++queue) {
    if (const int error = rte_eth_rx_queue_setup(id_, queue, rx_descriptors, socket, &rx, pool_);
        error != 0) {
      return port_error("setting up a receive queue of " + driver_, error);
    }
    if (const int error = rte_eth_tx_queue_setup(id_, queue, tx_descriptors, socket, &tx);
        error != 0) {
      return port_error("setting up a transmit queue of " + driver_, error);
    }
  }
  return {};
}

std::optional<PortLosses> Port::losses() const noexcept {
  rte_eth_stats stats{};
  if (rte_eth_stats_get(id_, &stats) != 0) {
    return std::nullopt;
  }
  return PortLosses{stats.imissed, stats.ierrors, stats.rx_nombuf, stats.oerrors};
}

// The drivers of packet sockets do not know it: they say 1500 of every interface.
std::optional<std::uint32_t> Port::mtu() const {
  if (!interface_.empty()) {
    return interface_mtu(interface_);
  }
  std::uint16_t of_driver = 0;
  return rte_eth_dev_get_mtu(id_, &of_driver) == 0 ? std::optional<std::uint32_t>(of_driver)
                                                   : std::nullopt;
}

// The drivers of packet sockets say of every interface that it is up.
bool Port::link_is_up() const {
  rte_eth_link link{};
  const bool is_up =
      rte_eth_link_get_nowait(id_, &link) != 0 || link.link_status == RTE_ETH_LINK_UP;
  return is_up && (interface_.empty() || interface_has_link(interface_));
}

Port::~Port() {
  if (pool_ != nullptr) {
    rte_eth_dev_stop(id_);
    rte_eth_dev_close(id_);
    rte_mempool_free(pool_);
  }
}

}  // namespace dialtone::io
