// SPDX-License-Identifier: Apache-2.0
//
// A storm over software rings, the test as its server: it answers ARP and neighbour discovery, and
// every request with the same short file. Nothing is asked of the clock: phones repeat nothing for
// an hour, and who waits for the end does so for as long as it takes. The engine runs on a lcore of
// EAL, the rest on the test's thread.
#pragma once

#include "bench/emu/storm/campus_plan.h"
#include "bench/emu/storm/engine.h"
#include "dataplane/io/eal.h"
#include "tests/component/dataplane_fixture.h"
#include "tests/component/seen_exchange.h"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace dialtone::test {

inline constexpr wire::MacAddress kStormServer{{0x02, 0x44, 0x0a, 0x4d, 0, 1}};
inline constexpr std::uint16_t kTransferPort = 3000;
inline constexpr std::string_view kStormFile = "<device/>";
inline constexpr Micros kHour = 3'600'000'000;

inline emu::StormConfig over_ipv4() {
  emu::StormConfig config{.first = IpAddress::from_v4(0x0a4d4001),
                          .server = IpAddress::from_v4(0x0a4d0001)};
  config.rules.clock = {.request = kHour, .ack = kHour, .stall = kHour};
  // Ten times as slow as the clock: a server on a machine that stands still is not silent.
  config.ticks = TickRate(TickRate::measure().per_second() * 10);
  return config;
}

inline emu::StormConfig over_ipv6() {
  emu::StormConfig config = over_ipv4();
  config.first = {0xfd00007700000000, 0x10000};
  config.server = {0xfd00007700000000, 1};
  return config;
}

class StormEngine : public testing::Test {
 protected:
  ~StormEngine() override {
    while (wire_.receive_now()) {
    }
    if (port_) {
      drop_unread();
      wire_.detach();
      EXPECT_EQ(rte_mempool_in_use_count(port_->pool()), 0u) << "buffers that nobody gave back";
    }
    EXPECT_EQ(wire_.buffers_out(), 0u) << "buffers that the engine did not give back";
  }

  // Each phone asks for its configuration alone.
  void begin(const emu::StormConfig& config, emu::CampusOptions campus) {
    if (campus.files.empty()) {
      campus.files = "SEP{MAC}.cnf.xml";
    }
    config_ = config;
    plan_ = *emu::plan_campus(campus);
    config_.at_a_time = plan_.at_a_time;
    auto port = io::Port::open_id(wire_.port(), {});
    ASSERT_TRUE(port) << port.error().text;
    port_.emplace(*std::move(port));
    wire_.attach();
    engine_ = std::make_unique<emu::Engine>(config_, io::QueuePair{port_->id(), 0}, port_->pool(),
                                            plan_.phones);
    ASSERT_TRUE(eal().launch(0, run_engine, this));
  }

  // Answers until the storm has ended.
  void serve() {
    const auto end = std::chrono::steady_clock::now() + kPatience;
    while (!eal().wait(0)) {
      if (const auto frame = wire_.receive_now()) {
        on_frame(*frame);
      }
      if (std::chrono::steady_clock::now() > end) {
        ADD_FAILURE() << "the storm does not end";
        engine_->progress().stop = true;
        ASSERT_TRUE(eal().wait(60'000));
        return;
      }
    }
    ended_.take();
    while (const auto frame = wire_.receive_now()) {
      on_frame(*frame);
    }
  }

  void boot(const emu::StormConfig& config, const emu::CampusOptions& campus) {
    begin(config, campus);
    serve();
  }

  void send(std::span<const std::byte> frame) {
    wire_.send({reinterpret_cast<const char*>(frame.data()), frame.size()});
  }

  // Asks who has an address, as a host of the link does.
  void ask_for(const IpAddress& address) {
    std::array<std::byte, emu::kNeighbourFrame> question{};
    send(std::span(question).first(emu::write_question(
        {.from_mac = kStormServer, .vlan = config_.vlan, .from = config_.server, .to = address},
        question)));
  }

  // From the server to a phone; a test may change it.
  emu::Path path_to(std::size_t phone) const {
    return {.from_mac = kStormServer,
            .to_mac = plan_.phones[phone].mac(),
            .vlan = config_.vlan,
            .from = config_.server,
            .to = {config_.first.high, config_.first.low + phone},
            .from_port = kTransferPort,
            .to_port = 49152};
  }
  void send_udp(const emu::Path& path, std::string_view payload) {
    std::array<std::byte, wire::kMaxFrame> frame{};
    send(std::span(frame).first(emu::write_udp(path, std::as_bytes(std::span(payload)), frame)));
  }

  std::size_t ready() const {
    std::size_t count = 0;
    for (const emu::StormPhone& phone : plan_.phones) {
      count += phone.outcome() == emu::Outcome::kReady ? 1 : 0;
    }
    return count;
  }
  std::uint32_t fates(emu::Fate fate) const {
    std::uint32_t sum = 0;
    for (const emu::Fates::Second& second : engine_->fates().seconds()) {
      sum += second[static_cast<std::size_t>(fate)];
    }
    return sum;
  }

  bool answers_neighbours_ = true;
  bool answers_requests_ = true;
  // Before a request is answered.
  std::function<void()> on_first_request_ = [] {};
  std::function<void(const IpAddress&)> on_ack_ = [](const IpAddress&) {};
  std::map<IpAddress, int> requests_{};              // by phone
  std::map<IpAddress, wire::MacAddress> told_{};     // who has said which MAC is its own
  std::set<std::array<std::uint8_t, 6>> senders_{};  // MACs of all frames
  std::uint32_t questions_ = 0;                      // who the server is

  emu::StormConfig config_{};
  emu::CampusPlan plan_{};
  std::unique_ptr<emu::Engine> engine_{};
  bool found_ = false;  // what run() said

 private:
  // What was sent to an engine that had ended.
  void drop_unread() {
    std::array<rte_mbuf*, io::kBurst> buffers{};
    while (const std::uint16_t count = io::receive_burst({port_->id(), 0}, buffers.data())) {
      rte_pktmbuf_free_bulk(buffers.data(), count);
    }
  }

  static int run_engine(void* self) {
    auto& test = *static_cast<StormEngine*>(self);
    test.found_ = test.engine_->run();
    test.ended_.give();
    return 0;
  }

  void on_frame(const std::string& text) {
    const auto frame = emu::parse_frame(std::as_bytes(std::span(text)));
    ASSERT_TRUE(frame);
    EXPECT_EQ(frame->vlan, config_.vlan);
    senders_.insert(frame->from_mac.bytes);
    if (const auto talk = emu::parse_neighbour(*frame)) {
      on_talk(*frame, *talk);
      return;
    }
    const auto datagram = emu::parse_udp(*frame);
    ASSERT_TRUE(datagram);
    EXPECT_EQ(frame->to_mac, kStormServer);
    EXPECT_EQ(datagram->to, config_.server);
    on_datagram(*frame, *datagram);
  }

  void on_talk(const emu::Received& frame, const emu::NeighbourTalk& talk) {
    if (!talk.asked) {
      told_[talk.teller] = talk.mac;
      return;
    }
    ++questions_;
    EXPECT_EQ(talk.asked, config_.server);
    if (answers_neighbours_) {
      std::array<std::byte, emu::kNeighbourFrame> answer{};
      send(std::span(answer).first(emu::write_answer(frame, talk, kStormServer, answer)));
    }
  }

  void on_datagram(const emu::Received& frame, const emu::Datagram& datagram) {
    const auto opcode = static_cast<int>(datagram.payload[1]);
    if (opcode == 4) {
      on_ack_(datagram.from);
      return;
    }
    EXPECT_EQ(opcode, 1);
    EXPECT_EQ(datagram.to_port, 69);
    ++requests_[datagram.from];
    if (std::exchange(is_first_, false)) {
      on_first_request_();
    }
    if (answers_requests_) {
      send_udp({.from_mac = kStormServer,
                .to_mac = frame.from_mac,
                .vlan = config_.vlan,
                .from = config_.server,
                .to = datagram.from,
                .from_port = kTransferPort,
                .to_port = datagram.from_port},
               std::string("\0\3\0\1", 4) + std::string(kStormFile));
    }
  }

  RingClient wire_{};
  SeenExchange ended_{};  // what run() has written
  std::optional<io::Port> port_{};
  bool is_first_ = true;
};

}  // namespace dialtone::test
