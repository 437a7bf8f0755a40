// SPDX-License-Identifier: Apache-2.0
//
// A responder with an image on the heap and a clock that a test moves: frame in, frame out. Checks
// at its end that no session and no pin is left.
#pragma once

#include "dataplane/server/counters.h"
#include "dataplane/server/responder.h"
#include "tests/support/counted_frames.h"
#include "tests/support/packet_builder.h"
#include "tests/support/reply_view.h"
#include "tests/support/request_sum.h"
#include "tests/support/test_image.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dialtone::test {

inline constexpr std::uint64_t kTicksPerSecond = 1000000;

// Bytes that differ from block to block.
inline std::string pattern(std::size_t size) {
  std::string text(size, '\0');
  std::uint32_t state = 12345;
  for (char& byte : text) {
    state = state * 1664525 + 1013904223;
    byte = static_cast<char>(state >> 24);
  }
  return text;
}

class Server {
 public:
  struct Options {
    std::vector<IpAddress> addresses = {IpAddress::from_v4(kServerAddress)};
    server::OurAddresses* shared = nullptr;  // another worker's, in place of `addresses`
    bool announces = false;
    std::uint32_t worker = 0;
    std::uint32_t workers = 1;
    std::uint32_t worker_bits = 0;
    std::uint32_t max_sessions = 64;
    bool single_port = false;
    std::uint16_t max_block_size = 1500 - server::kPacketOverhead;
    bool accept_partial_checksum = false;
    bool reassembles = false;
    std::uint32_t punts_per_second = 0;
    server::ChecksumOffload offload{};
    std::uint32_t max_parked = 32;
    abi::MissWriter misses{};
    abi::EventRing events{};
  };

  struct Outcome {
    server::Verdict verdict;
    server::Frame frame;
  };

  Server() : Server(Options{}) {}
  explicit Server(const Options& options)
      : own_addresses_(options.addresses, kServerMac),
        addresses_(options.shared == nullptr ? own_addresses_ : *options.shared),
        counters_(server::kCounterCount),
        pins_(abi::kSegmentSlots),
        responder_({.mac = kServerMac,
                    .addresses = &addresses_,
                    .announces = options.announces,
                    .worker = options.worker,
                    .workers = options.workers,
                    .worker_bits = options.worker_bits,
                    .max_sessions = options.max_sessions,
                    .max_block_size = options.max_block_size,
                    .hash_seed = 99,
                    .rate = TickRate(kTicksPerSecond),
                    .single_port = options.single_port,
                    .accept_partial_checksum = options.accept_partial_checksum,
                    .reassembles = options.reassembles,
                    .punts_per_second = options.punts_per_second,
                    .offload = options.offload,
                    .max_parked = options.max_parked,
                    .misses = options.misses,
                    .events = options.events},
                   counters_, abi::Pins(pins_)) {}

  ~Server() {
    responder_.end_all_sessions();
    EXPECT_EQ(responder_.sessions(), 0U);
    EXPECT_EQ(count(server::Counter::kSessionsActive), 0U);
    EXPECT_EQ(count(server::Counter::kSessionsUnanswered), 0U);
    EXPECT_EQ(pinned(), 0U);
    EXPECT_EQ(count(server::Counter::kParkedNow), 0U);
    EXPECT_EQ(counted_frames(counters_), count(server::Counter::kFramesReceived));
    EXPECT_EQ(counted_requests(counters_), count(server::Counter::kRequests));
    EXPECT_EQ(counted_parked(counters_), count(server::Counter::kRequestsParked));
    check_request_sum();
  }

  // It holds at every moment; the destructor looks once more.
  void check_request_sum() const {
    static const std::vector<std::size_t> kEnds = [] {
      std::vector<std::size_t> ends;
      for (const std::string_view end : kRequestEnds) {
        cisco_count(end, [&](std::string_view part) {
          ends.push_back(index_of(part));
          return 0;
        });
      }
      return ends;
    }();
    std::uint64_t ends = 0;
    for (const std::size_t end : kEnds) {
      ends += counters_[end];
    }
    EXPECT_EQ(count(server::Counter::kRequests), ends)
        << "an outcome is in none, or in several, of abi/cisco_counters.cc";
  }

  void publish(const abi::LiveImage* image) { image_ = image; }

  // One frame; the reply, or nothing.
  std::optional<std::string> send(const std::string& frame) { return send_burst({frame}).front(); }
  std::optional<std::string> send(const Packet& packet) { return send(packet.bytes()); }

  // What becomes of one frame, as the port has described it.
  Outcome judge(const std::string& bytes, bool udp_checksum_good = false) {
    std::memcpy(buffers_[0].data(), bytes.data(), bytes.size());
    Outcome outcome{server::Verdict::kDrop,
                    {.data = buffers_[0].data(),
                     .length = static_cast<std::uint16_t>(bytes.size()),
                     .capacity = static_cast<std::uint16_t>(buffers_[0].size()),
                     .udp_checksum_good = udp_checksum_good}};
    responder_.process({&outcome.frame, 1}, {&outcome.verdict, 1}, image_, now);
    return outcome;
  }

  // The reply to `packet`, which must be a sound UDP reply.
  ReplyView ask(const Packet& packet) {
    const auto reply = send(packet);
    if (!reply) {
      ReplyView none;
      none.fault = "no reply";
      return none;
    }
    return parse_reply(*reply);
  }

  std::vector<std::optional<std::string>> send_burst(const std::vector<std::string>& in) {
    std::vector<server::Frame> frames;
    for (std::size_t i = 0; i < in.size(); ++i) {
      std::memcpy(buffers_[i].data(), in[i].data(), in[i].size());
      frames.push_back({.data = buffers_[i].data(),
                        .length = static_cast<std::uint16_t>(in[i].size()),
                        .capacity = static_cast<std::uint16_t>(buffers_[i].size())});
    }
    std::vector<server::Verdict> verdicts(in.size());
    responder_.process(frames, verdicts, image_, now);
    check_request_sum();
    std::vector<std::optional<std::string>> out;
    for (std::size_t i = 0; i < in.size(); ++i) {
      out.push_back(verdicts[i] == server::Verdict::kReply ? std::optional(text_of(frames[i]))
                                                           : std::nullopt);
    }
    return out;
  }

  // What the timers send at `now`.
  std::vector<std::string> run_timers() {
    std::vector<std::string> out;
    while (const std::size_t due = responder_.frames_ready(now, image_)) {
      std::vector<server::Frame> frames;
      for (std::size_t i = 0; i < due; ++i) {
        frames.push_back({.data = buffers_[i].data(),
                          .length = 0,
                          .capacity = static_cast<std::uint16_t>(buffers_[i].size())});
      }
      const std::uint64_t dropped = count(server::Counter::kParkedDropped);
      const std::size_t used = responder_.send_ready(now, frames, image_);
      EXPECT_LE(used, due);
      EXPECT_GE(used + count(server::Counter::kParkedDropped) - dropped, due);
      for (std::size_t i = 0; i < used; ++i) {
        out.push_back(text_of(frames[i]));
      }
    }
    check_request_sum();
    return out;
  }

  // The same where all of it is sound replies.
  std::vector<ReplyView> unasked() {
    std::vector<ReplyView> replies;
    for (const std::string& frame : run_timers()) {
      replies.push_back(parse_reply(frame));
      EXPECT_EQ(replies.back().fault, "");
    }
    return replies;
  }

  template <typename Key>
  std::uint64_t count(Key key) const {
    return counters_[server::index_of(key)];
  }
  std::uint64_t pinned() const {
    std::uint64_t sum = 0;
    for (const auto& pin : pins_) {
      sum += pin.load(std::memory_order_relaxed);
    }
    return sum;
  }
  std::size_t sessions() const { return responder_.sessions(); }
  server::Responder& responder() { return responder_; }
  server::OurAddresses& addresses() { return addresses_; }

  Ticks now = 1000;

 private:
  static std::size_t index_of(std::string_view counter) {
    const auto table = server::counter_table();
    const auto found = std::find_if(table.begin(), table.end(), [&](const abi::CounterInfo& info) {
      return info.name == counter;
    });
    EXPECT_NE(found, table.end()) << counter;
    return static_cast<std::size_t>(found - table.begin());
  }
  static std::string text_of(const server::Frame& frame) {
    return {reinterpret_cast<const char*>(frame.data), frame.length};
  }

  server::OurAddresses own_addresses_;
  server::OurAddresses& addresses_;
  std::vector<std::uint64_t> counters_;
  std::vector<std::atomic<std::uint32_t>> pins_;
  std::array<std::array<std::byte, 2048>, server::kMaxBurst> buffers_;
  const abi::LiveImage* image_ = nullptr;
  server::Responder responder_;
};

// A server with an image: "a" has one block, "empty" none, "two" exactly two of 512.
class ServerTest : public testing::Test {
 protected:
  explicit ServerTest(const Server::Options& options = {},
                      const abi::Policy& policy = unlimited_policy())
      : server(options) {
    image.policy() = policy;
    image.add("a", "hello", abi::FileClass::kRing)
        .add("b", "other")
        .add("empty", "")
        .add("two", two)
        .add("sep001122334455.cnf.xml", long_text, abi::FileClass::kDeviceConfig)
        .add_kind("composed", "x", abi::Kind::kComposed)
        .add_kind("gone", "", abi::Kind::kAbsent)
        .build();
    server.publish(&image.live());
  }

  // Begins a transfer; returns its TID.
  std::uint16_t open(std::string_view name, std::uint16_t port = 49152) {
    const ReplyView reply = server.ask(Packet().from(kPhoneAddress, port).rrq(name));
    EXPECT_EQ(reply.fault, "");
    EXPECT_EQ(reply.opcode, 3);
    EXPECT_EQ(reply.number, 1);
    return reply.source_port;
  }
  Packet ack(std::uint16_t tid, std::uint16_t block, std::uint16_t port = 49152) {
    return Packet().from(kPhoneAddress, port).to_port(tid).ack(block);
  }

  const std::string two = pattern(1024);
  const std::string long_text = pattern(9000);
  TestImage image;
  Server server;
};

}  // namespace dialtone::test
