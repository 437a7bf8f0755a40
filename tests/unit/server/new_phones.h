// SPDX-License-Identifier: Apache-2.0
//
// A flood of forged requests in virtual time, and new phones that come meanwhile.
#pragma once

#include "control/image/policy.h"
#include "tests/unit/server/harness.h"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace dialtone::test {

inline constexpr std::string_view kFile = "sep001122334455.cnf.xml";
inline constexpr std::size_t kRequest = 2 + kFile.size() + 1 + 6;
inline constexpr std::uint32_t kForged = 0x0b000000;

// Without options. It repeats its request each 4 s, five times from a port, from three ports. Its
// packets are answered at once, and it answers a round trip later.
struct NewPhone {
  explicit NewPhone(std::uint32_t from, Ticks begins = 0, Ticks there_and_back = 0)
      : address(from), next(begins), round_trip(there_and_back) {}

  std::uint32_t address;
  Ticks next;
  Ticks round_trip;
  int tries = 0;
  int dead_ends = 0;  // ACKs that found no transfer
  bool is_up = false;

  bool gives_up() const { return tries == 15 && block_ == 0; }
  bool asks_next() const { return block_ == 0; }

  // Sends what is due at `next`; true when it gets block 1.
  bool act(Server& server) {
    if (block_ == 0) {
      repeats_at_ = next + 4 * kTicksPerSecond;
      return take(server.ask(client(tries++).rrq(kFile)), 1);
    }
    const Packet ack = client(tries - 1).to_port(port_).ack(block_);
    if (is_last_) {
      server.send(ack);
      is_up = true;
    } else if (!take(server.ask(ack), static_cast<std::uint16_t>(block_ + 1))) {
      ++dead_ends;
    }
    return false;
  }
  // Its request and what follows it, at once. True when the file is there.
  bool ask(Server& server) {
    do {
      act(server);
    } while (block_ != 0 && !is_up);
    return std::exchange(is_up, false);
  }

 private:
  Packet client(int request) const {
    return Packet().from(address, static_cast<std::uint16_t>(49152 + request / 5));
  }
  bool take(const ReplyView& reply, std::uint16_t block) {
    const bool is_next = reply.fault.empty() && reply.number == block;
    block_ = is_next ? block : 0;
    port_ = reply.source_port;
    is_last_ = reply.body.size() < 512;
    next = is_next ? next + round_trip : std::max(next, repeats_at_);
    return is_next;
  }

  Ticks repeats_at_ = 0;
  std::uint16_t block_ = 0;  // that it has and will acknowledge; 0: it asks
  std::uint16_t port_ = 0;
  bool is_last_ = false;
};

class NewPhonesUnderAttack : public testing::Test {
 protected:
  NewPhonesUnderAttack() { image.policy() = image_build::default_policy(); }

  void serve(std::uint32_t max_sessions = 65'536) {
    image.add(kFile, pattern(13 * 512 - 100)).build();
    server.emplace(Server::Options{.max_sessions = max_sessions});
    server->publish(&image.live());
  }

  // So many requests a second, from what `source` says, while `phones` ask, each in a subnet of its
  // own.
  void flood(double seconds, std::uint32_t rate,
             const std::function<std::uint32_t(std::uint32_t)>& source) {
    const Ticks begin = server->now;
    std::vector<std::string> burst;
    for (std::uint32_t i = 0; i < seconds * rate; ++i) {
      server->now = begin + std::uint64_t{i} * kTicksPerSecond / rate;
      burst.push_back(Packet().from(source(asked_++), 4000).rrq(kFile, "octet", options).bytes());
      if (burst.size() < server::kMaxBurst) {
        continue;
      }
      in += (kRequest + options.size()) * burst.size();
      for (const std::string& copy : server->run_timers()) {
        count_out(copy);
      }
      // Phones come between two of them: who asks behind the timers finds what these have freed.
      const auto middle = burst.begin() + static_cast<std::ptrdiff_t>(random_() % burst.size());
      send({burst.begin(), middle});
      for (NewPhone& phone : phones) {
        while (!phone.is_up && !phone.gives_up() && phone.next <= server->now) {
          in += phone.asks_next() ? kRequest : 0;
          out += phone.act(*server) ? 516 : 0;
        }
      }
      send({middle, burst.end()});
      burst.clear();
      most_sessions = std::max(most_sessions, server->sessions());
    }
  }
  void send(const std::vector<std::string>& frames) {
    for (const auto& reply : server->send_burst(frames)) {
      if (reply) {
        count_out(*reply);
      }
    }
  }
  void count_out(const std::string& frame) {
    const ReplyView reply = parse_reply(frame);
    out += reply.packet.size();
    to[reply.destination.v4()] += reply.packet.size();
  }

  // Within the next 4 s.
  void bring_phones(std::uint32_t count, Ticks round_trip = 0) {
    for (std::uint32_t i = 0; i < count; ++i) {
      const auto begin = static_cast<Ticks>(4.0 * i / count * kTicksPerSecond);
      phones.emplace_back(kPhoneAddress + (i << 8), server->now + begin, round_trip);
    }
  }
  std::size_t up(int tries) const {
    return static_cast<std::size_t>(std::count_if(
        phones.begin(), phones.end(),
        [tries](const NewPhone& phone) { return phone.is_up && phone.tries <= tries; }));
  }

  TestImage image;
  std::optional<Server> server;
  std::vector<NewPhone> phones;
  std::map<std::uint32_t, std::uint64_t> to;
  std::string_view options;  // of the forged requests
  std::uint64_t in = 0;
  std::uint64_t out = 0;
  std::size_t most_sessions = 0;

 private:
  std::uint32_t asked_ = 0;
  std::minstd_rand random_{17};
};

inline std::uint32_t made_up(std::uint32_t i) {
  return kForged + (i * 257 & 0xffffff);
}

}  // namespace dialtone::test
