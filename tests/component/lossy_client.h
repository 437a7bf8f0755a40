// SPDX-License-Identifier: Apache-2.0
//
// A client on a network that loses, doubles and delays. It knows nothing of generations: it takes
// blocks in order, as RFC 1350 and RFC 7440 say, and asks again when nothing comes. Belongs to the
// test's thread.
#pragma once

#include "tests/support/packet_builder.h"
#include "tests/support/reply_view.h"

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <random>
#include <string>

namespace dialtone::test {

class LossyClient {
 public:
  using Clock = std::chrono::steady_clock;

  struct Order {
    std::uint64_t file = 0;
    std::string name;
    std::uint16_t port = 0;
    std::uint8_t window = 1;  // 1: a plain request
    bool slow = false;        // it takes its time before each ACK
  };

  // `seed` decides what is lost.
  explicit LossyClient(std::uint32_t seed) : random_(seed) {}

  void begin(const Order& order, Clock::time_point now);
  void receive(const ReplyView& view, Clock::time_point now);
  // What it sends now; one frame a call.
  std::optional<std::string> next_frame(Clock::time_point now);

  const Order& order() const { return order_; }
  bool has_answer() const { return server_port_ != 0; }
  bool complete() const { return complete_; }
  // It has waited for the next block for five seconds, and may ask again as a phone does.
  bool gives_up(Clock::time_point now) const;
  const std::string& content() const { return content_; }
  const std::string& error() const { return error_; }

 private:
  bool chance(unsigned percent) { return random_() % 100 < percent; }
  void send(std::string frame, Clock::time_point now);
  std::string request() const;
  std::string ack() const;
  std::string error(std::uint16_t port, std::uint16_t code) const;

  struct Waiting {
    Clock::time_point at;
    std::string frame;
  };

  std::mt19937 random_;
  Order order_;
  std::deque<Waiting> out_;
  std::string content_;
  std::string error_;
  std::uint16_t server_port_ = 0;  // 0: nothing has come yet
  std::uint32_t blocks_ = 0;
  std::uint32_t in_window_ = 0;
  bool complete_ = false;
  Clock::time_point moved_;
  Clock::time_point repeat_at_;
};

}  // namespace dialtone::test
