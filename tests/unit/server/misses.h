// SPDX-License-Identifier: Apache-2.0
//
// A server that asks control for names that its index lacks, and control's end of the ring.
#pragma once

#include "tests/unit/server/harness.h"

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace dialtone::server {

inline constexpr Ticks kMs = test::kTicksPerSecond / 1000;
inline constexpr std::uint32_t kParkMs = 3000;

class Misses : public testing::Test {
 protected:
  explicit Misses(std::uint32_t max_parked = 32, std::uint32_t max_sessions = 64)
      : memory_(abi::miss_ring_size(1)), server(options(max_parked, max_sessions)) {
    auto reader = abi::MissReader::open(memory_.span());
    EXPECT_TRUE(reader.ok());
    reader_.emplace(*std::move(reader));
    publish({{"a", "hello"}});
  }

  using Files = std::vector<std::pair<std::string, std::string>>;

  // Control publishes what it has found, or not.
  void publish(const Files& files, const std::vector<std::string>& absent = {},
               std::uint32_t left_ms = 10000) {
    images_.push_back(std::make_unique<test::TestImage>(1 << 16, images_.size() + 1));
    test::TestImage& image = *images_.back();
    image.policy().miss_rule = abi::MissRule::kAsk;
    image.policy().miss_park_ms = kParkMs;
    image.policy().first_packets = first_packets;
    for (const auto& [name, content] : files) {
      image.add(name, content);
    }
    for (const std::string& name : absent) {
      image.add_tombstone(name, left_ms);
    }
    server.publish(&image.build().publish_at(server.now).live());
  }

  // The names that control is asked for.
  std::vector<std::string> asked() {
    std::vector<abi::Miss> misses;
    reader_->take(misses, 1000);
    std::vector<std::string> names;
    for (const abi::Miss& miss : misses) {
      EXPECT_EQ(miss.worker, 0U);
      kind = miss.kind;
      names.push_back(miss.name);
    }
    return names;
  }

  std::optional<std::string> ask(std::string_view name, std::uint16_t port = 2000) {
    return server.send(test::Packet().from(test::kPhoneAddress, port).rrq(name));
  }
  void expect_not_found(const std::vector<test::ReplyView>& replies) {
    ASSERT_EQ(replies.size(), 1U);
    EXPECT_EQ(replies[0].opcode, 5);
    EXPECT_EQ(replies[0].number, 1);
    EXPECT_EQ(replies[0].body, "File not found");
    EXPECT_GE(replies[0].source_port, 0x8000);
  }

  abi::MissRing& ring() { return abi::worker_miss_ring(memory_.span(), 0); }

  std::atomic<bool> listening_{true};
  test::AlignedBytes memory_;
  abi::MissKind kind{};             // of the last name asked for
  std::uint32_t first_packets = 0;  // of what is published from now on

 private:
  test::Server::Options options(std::uint32_t max_parked, std::uint32_t max_sessions) {
    abi::format_miss_ring(memory_.span(), 1);
    return {.max_sessions = max_sessions,
            .max_parked = max_parked,
            .misses = abi::MissWriter(ring(), 0, listening_)};
  }

  std::optional<abi::MissReader> reader_;
  std::vector<std::unique_ptr<test::TestImage>> images_;

 protected:
  test::Server server;
};

}  // namespace dialtone::server
