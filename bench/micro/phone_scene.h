// SPDX-License-Identifier: Apache-2.0
//
// Phones in lock step with one responder, for its benchmarks: each phone has a file of its own, an
// address, a transfer port and its frames ready made. All phones are at the same block; they take
// turns in a shuffled order, a burst of them at a time, for ever: after the last whole block all
// ask again. What is not to be measured is done between the measurements, not within.
#pragma once

#include "bench/micro/meter.h"
#include "dataplane/server/counters.h"
#include "dataplane/server/responder.h"
#include "tests/support/packet_builder.h"
#include "tests/support/test_image.h"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace dialtone::bench {

inline constexpr std::size_t kContentAt = 46;  // of DATA over plain IPv4, in its frame

enum class Link : std::uint8_t { kIpv4, kTagged, kIpv6 };

struct SceneConfig {
  std::uint32_t phones;            // a multiple of kBurst
  std::size_t file_bytes;          // each phone has a file of its own; at least three blocks
  std::uint16_t block_size = 512;  // another one is asked for with an option: OACK, ACK 0, DATA 1
  Link link = Link::kIpv4;
  bool as_served = false;  // with limits by source, all phones being proven, and with events
};

// What a phone may send.
enum class Ask : std::uint8_t { kRead, kMissing, kAck, kStop, kArp, kCount };

// Frames as an mbuf holds them: 2 KB each, behind a headroom. 32 of them stay in the first caches,
// as frames do that a virtual device has just copied.
class Burst {
 public:
  Burst();
  std::byte* data(std::size_t i) const { return memory_.span().data() + i * kBuffer + kHeadroom; }
  void put(std::size_t i, std::span<const std::byte> frame);

  std::array<server::Frame, kBurst> frames{};
  std::array<server::Verdict, kBurst> verdicts{};

 private:
  static constexpr std::size_t kHeadroom = 128;
  static constexpr std::size_t kBuffer = kHeadroom + 2048;
  test::AlignedBytes memory_{kBurst * kBuffer};
};

// A page for one worker's events.
class EventsMemory {
 public:
  EventsMemory();
  abi::EventRing ring() const { return {memory_.span(), 0}; }

 private:
  test::AlignedBytes memory_;
};

class PhoneScene {
 public:
  explicit PhoneScene(const SceneConfig& config);

  // Every phone has a transfer, at block 1; or none has one.
  void open_all();
  void close_all();

  // The next burst of phones; while transfers are open, the next block when all have had this one.
  void advance();
  // Writes one frame of each phone of the turn.
  void put(Burst& burst, Ask ask) const;
  // The responder on those frames; ticks of process() alone.
  Ticks process(Burst& burst);

  // The content that the responder copies for phone `i` of the turn when it gets its ACK.
  const std::byte* next_content(std::size_t i) const;

  // The block that this ACK asks for, and whether it is the turn of the first phones.
  std::uint16_t next_block() const { return static_cast<std::uint16_t>(block_ + 1); }
  bool at_begin() const { return turn_ == 0; }

  std::uint64_t count(server::Counter counter) const { return counters_[index_of(counter)]; }
  std::uint16_t block_size() const { return config_.block_size; }
  bool on_huge_pages() const { return huge_; }

 private:
  struct Phone {
    std::array<std::array<std::byte, 128>, static_cast<std::size_t>(Ask::kCount)> frames;
    std::array<std::uint16_t, static_cast<std::size_t>(Ask::kCount)> lengths;
    std::uint64_t ack_sum;  // of what the UDP checksum of an ACK of block 0 covers
    const std::byte* content;
  };

  void build_image();
  test::Packet from_phone(std::uint32_t number) const;
  std::string read_request(std::uint32_t number) const;
  void make_frames(std::uint32_t number);
  // One frame alone; the reply is in `burst`.
  server::Verdict send(Burst& burst, const std::string& frame);
  void set_frame(Phone& phone, Ask ask, const std::string& frame);
  void for_all(Ask ask);
  const Phone& phone(std::size_t i) const { return phones_[order_[turn_ + i]]; }

  const SceneConfig config_;
  const std::size_t udp_at_;  // in a frame
  test::TestImage image_;
  bool huge_ = false;
  server::OurAddresses addresses_;
  std::vector<std::uint64_t> counters_;
  std::vector<std::atomic<std::uint32_t>> pins_;
  EventsMemory events_;
  server::Responder responder_;
  std::vector<Phone> phones_;
  std::vector<std::uint32_t> order_;
  std::size_t turn_ = 0;
  bool open_ = false;
  std::uint16_t block_ = 1;  // the one that all phones have and now acknowledge
};

}  // namespace dialtone::bench
