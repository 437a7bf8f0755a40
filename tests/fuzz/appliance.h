// SPDX-License-Identifier: Apache-2.0
//
// A responder with a small image and a clock, made once for all inputs: begin() makes it as good as
// new within a microsecond, and every frame that goes out is held against the rules.
#pragma once

#include "dataplane/server/counters.h"
#include "dataplane/server/responder.h"
#include "dataplane/wire/ethernet.h"
#include "tests/fuzz/rules.h"
#include "tests/support/test_image.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace dialtone::fuzz {

// What is served: by name, octet and netascii.
struct ServedFile {
  std::string name;
  std::string content;
  std::string text;  // of `content` in netascii
};
// In each generation the same names, with other bytes.
const std::vector<ServedFile>& served_files(std::uint64_t generation);
// Null: it is not served.
const ServedFile* served_file(std::uint64_t generation, std::string_view canonical_name);

struct Setup {
  std::uint32_t worker = 0;
  std::uint32_t workers = 1;
  std::uint32_t worker_bits = 0;
  std::uint32_t max_sessions = 16;
  bool accept_partial_checksum = false;
  bool reassembles = false;
  std::uint32_t punts_per_second = 0;
};

class Appliance {
 public:
  explicit Appliance(const Setup& setup);
  virtual ~Appliance() = default;

  void begin();
  // Ends all sessions: nothing is left, and each frame is counted once.
  void end();

  // Generation 1 or 2; 0: nothing is published.
  void publish(std::uint64_t generation);
  std::uint64_t published() const { return published_; }

  // Puts a frame into the burst at hand: the memory to write it to, of wire::kMaxFrame bytes.
  std::span<std::byte> next_frame();
  void add(std::size_t length, bool udp_checksum_good = false);
  bool burst_is_full() const { return count_ == server::kMaxBurst; }
  void process();

  void pass(Micros time) { now_ += time; }
  // Sends what is due, at most `frames` of it.
  void run_timers(std::size_t frames);

  std::size_t sessions() const { return responder_.sessions(); }
  std::uint64_t count(server::Counter counter) const {
    return counters_[server::index_of(counter)];
  }
  const server::OurAddresses& addresses() const { return addresses_; }

 protected:
  // Each frame of a burst in its order, with its answer or null; and what timers send.
  virtual void answered(const PacketView& asked, server::Verdict verdict,
                        const PacketView* answer) {}
  virtual void sent(const PacketView& frame) {}

 private:
  Setup setup_;
  server::OurAddresses addresses_;
  std::vector<std::uint64_t> counters_;
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
