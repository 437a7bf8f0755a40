// SPDX-License-Identifier: Apache-2.0
//
// A storm on one DPDK port and one CPU: phones are switched on as planned, each with an address and
// a MAC of its own, and answer ARP or neighbour discovery for it; or they are behind a router,
// whose MAC all frames have. run() belongs to the CPU of the storm; progress() may be read by
// another thread meanwhile, the rest after run() has ended.
#pragma once

#include "bench/emu/host/frame.h"
#include "bench/emu/host/neighbours.h"
#include "bench/emu/storm/generator_counts.h"
#include "bench/emu/storm/impairment.h"
#include "bench/emu/storm/storm_phone.h"
#include "bench/emu/storm/timer_wheel.h"
#include "dataplane/io/burst.h"
#include "dataplane/io/port.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

struct rte_mempool;

namespace dialtone::emu {

struct StormConfig {
  IpAddress first{};   // of the phones; the next ones follow it
  IpAddress server{};  // on their link
  std::optional<std::uint16_t> vlan{};
  std::optional<IpAddress> router{};  // on the server's link, in front of the phones
  std::uint32_t at_a_time = 0;        // not 0: the plan is Power::Kind::kInTurn with so many
  StormRules rules{};
  Impairment impairment{};
  std::uint64_t seed = 1;
  Micros patience = 300'000'000;
  TickRate ticks{1};
};

struct Progress {
  std::atomic<std::uint32_t> started{0};
  std::atomic<std::uint32_t> ready{0};
  std::atomic<std::uint32_t> over{0};      // ready or not
  std::atomic<std::uint32_t> timeouts{0};  // a phone had no answer in time
  std::atomic<std::uint64_t> received{0};
  std::atomic<bool> stop{false};  // set by who does not want to wait for the end
};

class Engine final : private PhonePackets {
 public:
  // `phones` by their planned time, and they stay where they are.
  Engine(const StormConfig& config, io::QueuePair pair, rte_mempool* pool,
         std::vector<StormPhone>& phones);

  // False: the server answers neither ARP nor neighbour discovery, and no phone was switched on.
  bool run();

  Progress& progress() noexcept { return progress_; }
  const GeneratorCounts& counts() const noexcept { return counts_; }
  const Fates& fates() const noexcept { return fates_; }
  // As the port counts them, after run().
  void note_losses(const io::PortLosses& losses) noexcept {
    counts_.port_missed = losses.missed + losses.no_buffer;
  }
  StormEnd ended() const noexcept { return ended_; }

 private:
  void send(const StormPhone& phone, std::uint16_t to_port, std::uint16_t from_port,
            std::span<const std::byte> payload) override;
  bool find_server();
  void ask_for_server();
  std::uint16_t turn(Micros now);
  void take(rte_mbuf* buffer, Micros now);
  const wire::MacAddress& mac_of(const StormPhone& phone) const noexcept;
  // Who answers for this address (ARP, neighbour discovery): nobody, a phone or the router.
  const wire::MacAddress* owner_of(const IpAddress& address) const noexcept;
  void take_neighbour(const Received& frame, const NeighbourTalk& talk, rte_mbuf* buffer);
  bool is_due(Micros now) const noexcept;
  void start_due(Micros now);
  void look_at(std::uint32_t number, Micros now);
  void note_end(const StormPhone& phone, bool was_over) noexcept;
  void put(rte_mbuf* buffer);
  void release_delayed(Micros now);
  void flush();
  Micros now_us() const noexcept { return config_.ticks.to_us(read_tsc()); }
  std::uint32_t number_of(const IpAddress& address) const noexcept;
  IpAddress address_of(std::uint32_t number) const noexcept;

  StormConfig config_;
  io::QueuePair pair_;
  rte_mempool* pool_;
  std::vector<StormPhone>& phones_;
  std::optional<wire::MacAddress> server_mac_{};
  TimerWheel wheel_;
  ImpairedLink out_;
  ImpairedLink in_;
  std::array<rte_mbuf*, io::kBurst> burst_{};
  std::uint16_t waiting_ = 0;  // in burst_
  std::size_t started_ = 0;
  Micros began_ = 0;  // the plan's zero, on the clock of the phones
  StormEnd ended_ = StormEnd::kAllOver;
  GeneratorCounts counts_{};
  Fates fates_{};
  Progress progress_{};
};

}  // namespace dialtone::emu
