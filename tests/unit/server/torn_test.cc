// SPDX-License-Identifier: Apache-2.0
//
// No client ever puts two generations together. Virtual time.
#include "tests/unit/server/swap.h"

#include <deque>
#include <random>

namespace dialtone::server {
namespace {

using test::kPhoneAddress;
using test::kTicksPerSecond;
using test::options;
using test::Packet;
using test::parse_reply;
using test::ReplyView;
using test::shape;

class Torn : public test::SwapTest {};

constexpr std::uint16_t kData = 3;
constexpr std::uint16_t kOack = 6;

// Clients on a network that loses, doubles, delays and reorders, requests above all, while each
// moment may bring another generation: what one has received is of one generation.
constexpr std::uint16_t kClients = 16;
constexpr std::uint16_t kFirstPort = 3008;  // a multiple of kClients

class TornClient {
 public:
  TornClient(std::uint16_t port, std::uint16_t window) : port_(port), window_(window) {}

  std::string request() const {
    return Packet()
        .from(kPhoneAddress, port_)
        .rrq("f", "octet", window_ == 1 ? std::string() : options({{"windowsize", window_}}))
        .bytes();
  }
  std::optional<std::string> receive(const ReplyView& view) {
    if (view.opcode == kOack) {
      return next_ == 1 ? ack(view, 0) : std::nullopt;
    }
    if (view.opcode != kData) {
      return std::nullopt;
    }
    if (view.number != next_) {
      return next_ == 1 ? std::nullopt : ack(view, static_cast<std::uint16_t>(next_ - 1));
    }
    content_ += view.body;
    ++next_;
    const bool last = view.body.size() < 512;
    const auto reply = last || ++in_window_ >= window_ ? ack(view, view.number) : std::nullopt;
    if (last) {
      EXPECT_EQ(shape(content_), content_[0] + std::to_string(content_.size()));
      ++files;
      restart();
    }
    return reply;
  }
  // The next file, from another port: late packets of the last transfer must find nobody.
  void restart() {
    port_ = static_cast<std::uint16_t>(port_ + kClients);
    content_.clear();
    next_ = 1;
    in_window_ = 0;
  }
  bool waits_for_first() const { return next_ == 1; }
  std::uint16_t port() const { return port_; }

  int files = 0;

 private:
  std::optional<std::string> ack(const ReplyView& view, std::uint16_t block) {
    in_window_ = 0;
    return Packet().from(kPhoneAddress, port_).to_port(view.source_port).ack(block).bytes();
  }

  std::uint16_t port_;
  std::uint16_t window_;
  std::uint16_t next_ = 1;
  std::uint16_t in_window_ = 0;
  std::string content_;
};

TEST_F(Torn, NoClientPutsTwoGenerationsTogether) {
  std::mt19937 random(7);
  const auto chance = [&](unsigned percent) { return random() % 100 < percent; };
  std::vector<TornClient> clients;
  for (std::uint16_t i = 0; i < kClients; ++i) {
    clients.emplace_back(static_cast<std::uint16_t>(kFirstPort + i), i % 2 == 0 ? 1 : 3);
  }
  publish(1);
  std::deque<std::string> to_server;
  std::deque<std::string> to_clients;
  for (std::uint64_t turn = 0; turn < 20'000; ++turn) {
    if (turn % 200 == 199) {
      publish(turn / 200 + 2);
    }
    for (const TornClient& client : clients) {
      if (client.waits_for_first() && chance(5)) {
        to_server.push_back(client.request());
        if (chance(20)) {  // a copy that comes late
          to_server.insert(
              to_server.begin() + static_cast<std::ptrdiff_t>(random() % (to_server.size() + 1)),
              client.request());
        }
      }
    }
    for (std::size_t i = to_server.size() / 2 + 1; i > 0 && !to_server.empty(); --i) {
      const std::string frame = to_server.front();
      to_server.pop_front();
      if (const auto reply = server_.send(frame); reply && !chance(10)) {
        to_clients.push_back(*reply);
      }
    }
    server_.now += kTicksPerSecond / 10;
    for (const std::string& frame : server_.run_timers()) {
      to_clients.push_back(frame);
    }
    for (std::size_t i = to_clients.size() / 2 + 1; i > 0 && !to_clients.empty(); --i) {
      const ReplyView view = parse_reply(to_clients.front());
      to_clients.pop_front();
      TornClient& client = clients.at(view.destination_port % kClients);
      if (client.port() != view.destination_port) {
        continue;
      }
      if (const auto ack = client.receive(view); ack && !chance(10)) {
        to_server.push_back(*ack);
      }
      ASSERT_FALSE(HasFailure()) << "turn " << turn;
    }
  }
  int files = 0;
  for (const TornClient& client : clients) {
    files += client.files;
  }
  EXPECT_GT(files, 1000);
}

}  // namespace
}  // namespace dialtone::server
