// SPDX-License-Identifier: Apache-2.0
//
// The detector: a thousand generations are published while lossy clients fetch from two workers,
// and no transfer has bytes of two of them.
#include "tests/component/dataplane_fixture.h"
#include "tests/component/generation_files.h"
#include "tests/component/lossy_client.h"

#include <atomic>
#include <thread>
#include <vector>

namespace dialtone::test {
namespace {

using Clock = LossyClient::Clock;

constexpr std::uint64_t kPublished = 1000;
constexpr std::size_t kClients = 32;
constexpr std::uint16_t kFirstPort = 2000;
constexpr std::uint16_t kLastPort = 65'000;

// Copies come soon, so that a loss costs the test little.
abi::Policy hasty_policy() {
  abi::Policy policy = unlimited_policy();
  policy.retransmit_ms = 50;
  policy.retransmits = 8;
  policy.first_copies = 3;
  return policy;
}

// Publishes as control does: one offer at a time; what BUSY sends away comes with the next state.
class Publishing {
 public:
  explicit Publishing(OfferClient control)
      : control_(std::move(control)), thread_([this] { run(); }) {}
  ~Publishing() {
    stop_.store(true, std::memory_order_release);
    thread_.join();
  }

  // Of the newest PUBLISHED; 0: none yet.
  std::uint64_t served() const { return served_.load(std::memory_order_acquire); }
  // All are published.
  bool done() const { return done_.load(std::memory_order_acquire); }
  // And all but the last are retired, or something is wrong.
  bool over() const { return over_.load(std::memory_order_acquire); }

  std::uint64_t published = 0;  // these for who has seen over()
  std::uint64_t retired = 0;
  std::uint64_t busy = 0;

 private:
  std::optional<abi::OfferReply> reply() {
    auto reply = control_.reply();
    EXPECT_TRUE(reply.has_value()) << "no answer behind generation " << served();
    retired += reply.has_value() && reply->header.type == abi::OfferType::kRetired;
    return reply;
  }

  // Until an answer of this type; false when none comes.
  bool wait_for(abi::OfferType type) {
    while (const auto answer = reply()) {
      if (answer->header.type == type) {
        return true;
      }
    }
    return false;
  }

  // False: something is wrong.
  bool offer(std::uint64_t generation) {
    control_.send_all(image_of_generation(generation, hasty_policy()));
    while (const auto answer = reply()) {
      if (answer->header.type == abi::OfferType::kPublished) {
        EXPECT_EQ(answer->generation, generation);
        served_.store(generation, std::memory_order_release);
        ++published;
        return true;
      }
      if (answer->header.type == abi::OfferType::kBusy) {
        ++busy;
        return wait_for(abi::OfferType::kRetired);
      }
      if (answer->header.type == abi::OfferType::kRejected) {
        ADD_FAILURE() << answer->text;
        return false;
      }
    }
    return false;
  }

  void run() {
    for (std::uint64_t generation = 1;
         published < kPublished && !stop_.load(std::memory_order_acquire) && offer(generation);
         ++generation) {
    }
    done_.store(true, std::memory_order_release);
    while (published == kPublished && retired + 1 < published && reply()) {
    }
    over_.store(true, std::memory_order_release);
  }

  OfferClient control_;
  std::atomic<std::uint64_t> served_{0};
  std::atomic<bool> done_{false};
  std::atomic<bool> over_{false};
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

class Generations : public Dataplane {
 protected:
  Generations() : Dataplane({.idle_sleep_us = 50, .workers = 2}) {}

  struct Running {
    explicit Running(std::uint32_t seed) : client(seed) {}
    LossyClient client;
    std::uint64_t current = 0;  // served when the request was made
    bool runs = false;
  };

  void begin(std::size_t number, std::uint64_t current) {
    Running& running = running_[number];
    running.current = current;
    running.runs = true;
    LossyClient::Order order;
    order.file = random_() % kFiles;
    order.name = file_name(order.file);
    order.port = next_port_++;
    order.window = number % 4 == 3 ? 4 : 1;
    order.slow = number % 16 == 0;
    by_port_[order.port] = number;
    running.client.begin(order, Clock::now());
  }

  void check(const Running& running, std::uint64_t served) {
    const LossyClient& client = running.client;
    const std::uint64_t file = client.order().file;
    const std::uint64_t version = std::stoull(client.content().substr(0, 8));
    ASSERT_EQ(client.content(), file_content(file, version)) << "torn: not all of " << version;
    ASSERT_GE(version, version_of(file, running.current)) << "older than what was served";
    swapped_ += version < version_of(file, served);
    ++complete_;
  }

  void receive() {
    for (int i = 0; i < 256; ++i) {
      const auto frame = wire_.receive_now();
      if (!frame) {
        return;
      }
      const ReplyView view = parse_reply(*frame);
      ASSERT_EQ(view.fault, "");
      Running& running = running_.at(by_port_[view.destination_port]);
      if (running.client.order().port == view.destination_port) {
        running.client.receive(view, Clock::now());
      } else if (view.opcode != 5) {  // that port is closed
        wire_.send(Packet()
                       .from(kPhoneAddress, view.destination_port)
                       .to_port(view.source_port)
                       .error(0, "closed")
                       .bytes());
      }
    }
  }

  void send() {
    const Clock::time_point now = Clock::now();
    for (Running& running : running_) {
      while (const auto frame = running.client.next_frame(now)) {
        // Requests of one port come to one worker; now and then an ACK to the other one.
        const bool astray = running.client.has_answer() && random_() % 16 == 0;
        wire_.send(*frame, (running.client.order().port + astray) % 2);
      }
    }
  }

  std::mt19937 random_{11};
  std::vector<Running> running_;
  std::vector<std::size_t> by_port_ = std::vector<std::size_t>(65536);
  std::uint16_t next_port_ = kFirstPort;
  std::uint64_t complete_ = 0;
  std::uint64_t swapped_ = 0;   // ended on old bytes
  std::uint64_t given_up_ = 0;  // nothing came
};

TEST_F(Generations, NoTransferMixesThemWhileAThousandArePublished) {
  for (std::size_t i = 0; i < kClients; ++i) {
    running_.emplace_back(static_cast<std::uint32_t>(i));
  }
  {
    Publishing publishing(connect());
    while (!publishing.over()) {
      receive();
      send();
      ASSERT_FALSE(HasFatalFailure());
      for (std::size_t i = 0; i < kClients; ++i) {
        Running& running = running_[i];
        if (running.runs && running.client.complete()) {
          running.runs = false;
          check(running, publishing.served());
        }
        ASSERT_EQ(running.client.error(), "");
        if (running.runs && running.client.gives_up(Clock::now())) {
          running.runs = false;
          ++given_up_;
        }
        if (!running.runs && !publishing.done() && publishing.served() != 0 &&
            next_port_ < kLastPort) {
          begin(i, publishing.served());
        }
      }
    }
    EXPECT_EQ(publishing.published, kPublished);
    EXPECT_EQ(publishing.retired, kPublished - 1);
    EXPECT_GT(publishing.busy, 0U) << "slow clients have kept no offer waiting";
    RecordProperty("busy", static_cast<int>(publishing.busy));
  }
  EXPECT_EQ(live_generations(), 1U);
  const auto end = Clock::now() + kPatience;
  while (counter("sessions_active") != 0 && Clock::now() < end) {  // late copies of requests
    receive();
    send();
  }
  EXPECT_EQ(counter("sessions_active"), 0U);
  EXPECT_EQ(counter("transfers_drained"), 0U);
  EXPECT_GT(complete_, kPublished);
  EXPECT_GT(swapped_, 0U) << "no transfer was in flight over a swap of its file";
  // Only a machine that stands still for seconds costs a transfer.
  EXPECT_LE(given_up_, complete_ / 100);
  RecordProperty("given_up", static_cast<int>(given_up_));
  RecordProperty("transfers", static_cast<int>(complete_));
  RecordProperty("ended_on_old_bytes", static_cast<int>(swapped_));
}

}  // namespace
}  // namespace dialtone::test
