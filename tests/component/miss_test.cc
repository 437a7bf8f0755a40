// SPDX-License-Identifier: Apache-2.0
//
// A name that is asked for, from the client's packet through the worker's ring to control and back:
// both ends of everything, but for the network and the folder.
#include "dataplane/abi/miss_ring.h"
#include "dataplane/base/mapping.h"
#include "tests/component/dataplane_fixture.h"

#include <sys/mman.h>

namespace dialtone::test {
namespace {

ManifestExtras asking() {
  ManifestExtras extras;
  extras.policy.miss_rule = abi::MissRule::kAsk;
  extras.policy.miss_park_ms = 8000;
  return extras;
}

class MissLoop : public Dataplane {
 protected:
  explicit MissLoop(const DataplaneConfig& config = {}) : Dataplane(config) {
    control_.emplace(connect());
    publish(*control_, SealedImage(1, {kBase}, 2001, 0, 0, asking()));
    const std::size_t size = abi::miss_ring_size(config.workers);
    void* memory =
        ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, control_->misses_fd(), 0);
    EXPECT_NE(memory, MAP_FAILED);
    rings_ = Mapping(memory, size);
    auto reader = abi::MissReader::open(rings_.writable_bytes());
    EXPECT_TRUE(reader.ok());
    reader_.emplace(*std::move(reader));
  }

  void ask(const std::string& name, std::uint16_t port = 49152, std::uint32_t queue = 0) {
    wire_.send(Packet().from(kPhoneAddress, port).rrq(name).bytes(), queue);
  }
  // The next name that a worker asks for; an empty one: none comes.
  abi::Miss next_miss() {
    std::vector<abi::Miss> misses;
    comes_true([&] {
      reader_->take(misses, 1);
      return !misses.empty();
    });
    return misses.empty() ? abi::Miss{} : misses.front();
  }
  ReplyView next_reply() {
    const auto frame = wire_.receive();
    return frame ? parse_reply(*frame) : ReplyView{};
  }

  const SealedSegment kBase{1001, {{"here", "content"}}};
  std::optional<OfferClient> control_;
  Mapping rings_;
  std::optional<abi::MissReader> reader_;
};

TEST_F(MissLoop, ThePublishedFileGoesToWhoWaits) {
  ask("Late.BIN");
  EXPECT_EQ(next_miss().name, "late.bin");
  EXPECT_FALSE(wire_.receive_now().has_value());
  const SealedSegment late{1002, {{"late.bin", std::string(700, 'l')}}};
  publish(*control_, SealedImage(2, {kBase, late}, 2001, 1, 2002, asking()));
  const ReplyView first = next_reply();
  EXPECT_EQ(first.opcode, 3);
  EXPECT_EQ(finish(first).content, std::string(700, 'l'));
  expect_counter("parked_served", 1);
  expect_counter("parked_now", 0);
  expect_counter("requests_not_found", 0);
}

TEST_F(MissLoop, ATombstoneAnswersNotFound) {
  ask("nosuch");
  EXPECT_EQ(next_miss().name, "nosuch");
  ManifestExtras absent = asking();
  absent.tombstones = {{abi::name_key("nosuch", kTestSeed).key, 60000, 0}};
  publish(*control_, SealedImage(2, {kBase}, 2001, 0, 0, absent));
  const ReplyView reply = next_reply();
  EXPECT_EQ(reply.opcode, 5);
  EXPECT_EQ(reply.number, 1);
  expect_counter("misses_absent", 1);
  // From now on it is answered at once.
  EXPECT_EQ(request("nosuch", 50000).number, 1);
  expect_counter("misses_known", 1);
  expect_counter("misses_asked", 1);
}

TEST_F(MissLoop, WithoutAControlTheAnswerComesAtOnce) {
  control_.reset();
  ASSERT_TRUE(comes_true([this] { return !misses_.listening(); }));
  EXPECT_EQ(request("nosuch").opcode, 5);
  expect_counter("misses_not_asked", 1);
}

TEST_F(MissLoop, StopsWhileSomebodyWaits) {
  ask("nosuch");
  EXPECT_EQ(next_miss().name, "nosuch");
  stop_workers();
  expect_counter("parked_now", 0);
}

// What control may write to, filled with anything.
TEST_F(MissLoop, AWorkerSurvivesWhateverControlWritesThere) {
  for (int round = 0; round < 50; ++round) {
    const std::span<std::byte> all = rings_.writable_bytes();
    for (std::size_t i = 0; i < all.size(); ++i) {
      all[i] = static_cast<std::byte>(i * 31 + static_cast<std::size_t>(round) * 7);
    }
    ask("scan" + std::to_string(round), static_cast<std::uint16_t>(50000 + round));
  }
  EXPECT_EQ(fetch("here", 60000).content, "content");
}

class TwoWorkersMiss : public MissLoop {
 protected:
  TwoWorkersMiss() : MissLoop({.workers = 2}) {}
};

TEST_F(TwoWorkersMiss, EachAsksInItsOwnRing) {
  ask("late", 50000, 0);
  ask("late", 50001, 1);
  const abi::Miss one = next_miss();
  const abi::Miss other = next_miss();
  EXPECT_EQ(one.name, "late");
  EXPECT_EQ(other.name, "late");
  EXPECT_NE(one.worker, other.worker);
  const SealedSegment late{1002, {{"late", "l"}}};
  publish(*control_, SealedImage(2, {kBase, late}, 2001, 1, 2002, asking()));
  EXPECT_EQ(next_reply().body, "l");
  EXPECT_EQ(next_reply().body, "l");
}

}  // namespace
}  // namespace dialtone::test
