// SPDX-License-Identifier: Apache-2.0
//
// Clients and a network that loses, doubles and reorders, on virtual time; every byte is compared.
#include "tests/unit/server/harness.h"

#include <deque>
#include <random>

namespace dialtone::server {
namespace {

using test::kPhoneAddress;
using test::kTicksPerSecond;
using test::Packet;
using test::parse_reply;
using test::ReplyView;
using test::Server;
using test::TestImage;

constexpr std::uint16_t kData = 3;
constexpr std::uint16_t kOack = 6;
constexpr std::uint16_t kFirstPort = 3000;

// As RFC 1350 and RFC 7440 describe a receiver: takes blocks in order, acknowledges the last one of
// each window, and the last in order at once when one is missing.
class Client {
 public:
  Client(std::uint16_t port, std::uint16_t block_size, std::uint16_t window)
      : port_(port), block_size_(block_size), window_(window) {}

  std::string request() const {
    std::string options;
    if (is_plain()) {
      return Packet().from(kPhoneAddress, port_).rrq("f").bytes();
    }
    for (const std::string& text : {std::string("blksize"), std::to_string(block_size_),
                                    std::string("windowsize"), std::to_string(window_)}) {
      options += text + '\0';
    }
    return Packet().from(kPhoneAddress, port_).rrq("f", "octet", options).bytes();
  }

  // The ACK that a packet is answered with; nothing: it waits for more.
  std::optional<std::string> receive(const ReplyView& view) {
    EXPECT_EQ(view.fault, "");
    if (view.opcode == kOack) {
      EXPECT_FALSE(is_plain());
      return content.empty() && !done ? ack(view, 0) : std::nullopt;
    }
    EXPECT_EQ(view.opcode, kData);
    if (view.number == static_cast<std::uint16_t>(next)) {
      content += view.body;
      ++next;
      done = view.body.size() < block_size_;
      return done || ++in_window_ >= window_ ? ack(view, next - 1) : std::nullopt;
    }
    if (is_plain()) {
      return view.number < next ? ack(view, view.number) : std::nullopt;
    }
    return next == 1 ? std::nullopt : ack(view, next - 1);
  }

  std::string content;
  std::uint64_t next = 1;
  bool done = false;

 private:
  bool is_plain() const { return window_ == 1; }
  std::optional<std::string> ack(const ReplyView& view, std::uint64_t block) {
    in_window_ = 0;
    return Packet()
        .from(kPhoneAddress, port_)
        .to_port(view.source_port)
        .ack(static_cast<std::uint16_t>(block))
        .bytes();
  }

  std::uint16_t port_;
  std::uint16_t block_size_;
  std::uint16_t window_;
  std::uint16_t in_window_ = 0;
};

class Lossy : public testing::Test {
 protected:
  Lossy() {
    image_.policy().retransmits = 20;
    image_.policy().first_copies = 20;
    image_.add("f", content_).build();
    server_.publish(&image_.live());
  }

  bool chance(unsigned percent) { return random_() % 100 < percent; }

  void receive(const std::string& frame) {
    const ReplyView view = parse_reply(frame);
    const auto ack = clients_.at(view.destination_port - kFirstPort).receive(view);
    for (unsigned copies = ack ? (chance(10) ? 2 : 1) : 0; copies > 0; --copies) {
      if (!chance(10)) {
        chance(10) ? to_server_.push_front(*ack) : to_server_.push_back(*ack);
      }
    }
  }

  void turn() {
    std::vector<std::string> burst;
    while (!to_server_.empty() && burst.size() < kMaxBurst) {
      burst.push_back(to_server_.front());
      to_server_.pop_front();
    }
    std::vector<std::string> out;
    for (const auto& reply : server_.send_burst(burst)) {
      if (reply) {
        out.push_back(*reply);
      }
    }
    server_.now += kTicksPerSecond / 10;
    for (std::string& frame : server_.run_timers()) {
      out.push_back(std::move(frame));
    }
    for (std::size_t i = 0; i + 1 < out.size(); ++i) {
      if (chance(10)) {
        std::swap(out[i], out[i + 1]);
      }
    }
    for (const std::string& frame : out) {
      if (!chance(10)) {
        receive(frame);
      }
    }
  }

  void run(std::uint16_t block_size, std::uint16_t window) {
    constexpr std::uint16_t kClients = 16;
    for (std::uint16_t i = 0; i < kClients; ++i) {
      clients_.emplace_back(kFirstPort + i, block_size, window);
    }
    // Doubled waits after several losses in a row are long: 12,000 s of virtual time are enough.
    for (int i = 0; i < 120'000; ++i) {
      if (i % 40 == 0) {  // a phone repeats its request after 4 s
        for (const Client& client : clients_) {
          if (client.next == 1 && !client.done) {
            to_server_.push_back(client.request());
          }
        }
      }
      turn();
    }
    for (const Client& client : clients_) {
      EXPECT_TRUE(client.done);
      EXPECT_TRUE(client.content == content_);
    }
    EXPECT_EQ(server_.sessions(), 0U);
    EXPECT_EQ(server_.pinned(), 0U);
    EXPECT_GT(server_.count(Counter::kDataRetransmitted), 50U);
  }

  const std::string content_ = test::pattern(512 * 40 + 7);
  TestImage image_;
  Server server_;
  std::mt19937 random_{2026};
  std::vector<Client> clients_;
  std::deque<std::string> to_server_;
};

TEST_F(Lossy, LockStepIsByteExactRfc1350) {
  run(512, 1);
  EXPECT_GT(server_.count(Counter::kAcksDuplicate), 50U);
}

TEST_F(Lossy, WindowsAreByteExactRfc7440) {
  run(512, 4);
}

TEST_F(Lossy, WideWindowsOfOddBlocksAreByteExactRfc7440) {
  run(100, 60);
}

}  // namespace
}  // namespace dialtone::server
