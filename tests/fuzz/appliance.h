// SPDX-License-Identifier: Apache-2.0
//
// A responder with a small image and a clock, made once for all inputs: begin() makes it as good as
// new within a microsecond, and every frame that goes out is held against the rules.
#pragma once

#include "dataplane/abi/events_page.h"
#include "dataplane/abi/miss_ring.h"
#include "dataplane/server/counters.h"
#include "dataplane/server/responder.h"
#include "dataplane/wire/ethernet.h"
#include "tests/fuzz/rules.h"
#include "tests/fuzz/served_images.h"
#include "tests/fuzz/unproven_model.h"
#include "tests/support/test_image.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace dialtone::fuzz {

struct Setup {
  std::uint32_t worker = 0;
  std::uint32_t workers = 1;
  std::uint32_t worker_bits = 0;
  std::uint32_t max_sessions = 16;
  bool accept_partial_checksum = false;
  bool reassembles = false;
  std::uint32_t punts_per_second = 0;
  bool single_port = false;
  std::uint32_t max_parked = 64;
  bool events = false;
};

class Appliance {
 public:
  explicit Appliance(const Setup& setup);
  virtual ~Appliance() = default;

  // `listens`: control is there, and can be asked for names.
  void begin(const ServedRules& rules = {}, bool listens = true);
  // Ends all sessions: nothing is left, and each frame is counted once.
  void end();

  // True when control was asked for something.
  bool take_misses();
  // Generation 1 to kGenerations; 0: nothing is published.
  void publish(std::uint64_t generation);
  std::uint64_t published() const { return published_; }

  // Puts a frame into the burst at hand: the memory to write it to, of wire::kMaxFrame bytes.
  std::span<std::byte> next_frame();
  void add(std::size_t length, bool udp_checksum_good = false);
  bool burst_is_full() const { return count_ == server::kMaxBurst; }
  void process();

  void pass(Micros time) { now_ += time; }
  Micros now() const { return now_; }
  // Sends what is due, at most `frames` of it.
  void run_timers(std::size_t frames);

  std::size_t sessions() const { return responder_.sessions(); }
  std::uint64_t count(server::Counter counter) const {
    return counters_[server::index_of(counter)];
  }
  std::uint64_t count(server::DropReason reason) const {
    return counters_[server::index_of(reason)];
  }
  const server::OurAddresses& addresses() const { return addresses_; }
  Ports ports() const { return setup_.single_port ? Ports::kOne : Ports::kOfTransfers; }

 protected:
  // Each frame of a burst in its order, with its answer or null; and what timers send.
  virtual void answered(const PacketView& asked, server::Verdict verdict,
                        const PacketView* answer) {}
  virtual void sent(const PacketView& frame) {}

 private:
  abi::MissWriter miss_writer();
  abi::EventRing event_ring();
  void check_events();
  void went(const PacketView& frame);

  Setup setup_;
  ServedRules rules_;
  server::OurAddresses addresses_;
  std::vector<std::uint64_t> counters_;
  std::atomic<bool> listens_{false};
  test::AlignedBytes misses_;
  test::AlignedBytes events_;
  std::optional<abi::MissReader> miss_reader_;
  UnprovenModel unproven_;
  std::vector<std::atomic<std::uint32_t>> pins_;
  std::array<std::unique_ptr<std::byte[]>, server::kMaxBurst> buffers_;
  std::array<server::Frame, server::kMaxBurst> frames_{};
  std::array<server::Verdict, server::kMaxBurst> verdicts_{};
  std::array<PacketView, server::kMaxBurst> asked_{};
  std::size_t count_ = 0;
  std::uint64_t published_ = 0;
  const abi::LiveImage* image_ = nullptr;
  Micros now_ = 0;
  server::Responder responder_;
};

}  // namespace dialtone::fuzz
