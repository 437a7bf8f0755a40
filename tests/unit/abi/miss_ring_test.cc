// SPDX-License-Identifier: Apache-2.0
#include "dataplane/abi/miss_ring.h"

#include "tests/support/test_image.h"

#include <gtest/gtest.h>

#include <thread>

namespace dialtone::abi {
namespace {

class Rings : public testing::Test {
 protected:
  static constexpr std::size_t kWorkers = 2;

  Rings() : memory_(miss_ring_size(kWorkers)) { format_miss_ring(memory_.span(), kWorkers); }

  MissRing& ring(std::uint32_t worker) { return worker_miss_ring(memory_.span(), worker); }
  MissWriter writer(std::uint32_t worker) { return {ring(worker), worker, listening_}; }
  MissReader reader() {
    auto reader = MissReader::open(memory_.span());
    EXPECT_TRUE(reader.ok());
    return *std::move(reader);
  }

  const std::atomic<bool> listening_{true};
  test::AlignedBytes memory_;
};

TEST_F(Rings, CarryNamesOfAllWorkersInTurn) {
  MissWriter first = writer(0);
  MissWriter second = writer(1);
  const std::string longest(kMaxNameLength, 'n');
  EXPECT_TRUE(first.give("a", MissKind::kUnknown));
  EXPECT_TRUE(first.give("b", MissKind::kUnknown));
  EXPECT_TRUE(second.give(longest, MissKind::kAgain));
  MissReader control = reader();
  std::vector<Miss> misses;
  control.take(misses, 2);
  ASSERT_EQ(misses.size(), 2U);  // no more, and one of each
  EXPECT_NE(misses[0].worker, misses[1].worker);
  control.take(misses, 10);
  ASSERT_EQ(misses.size(), 3U);
  EXPECT_EQ(misses[0].name, longest);
  EXPECT_EQ(misses[0].kind, MissKind::kAgain);
  EXPECT_EQ(misses[2].name, "b");
}

TEST_F(Rings, AreFullAndFreeAgain) {
  MissWriter worker = writer(0);
  MissReader control = reader();
  std::vector<Miss> misses;
  for (int round = 0; round < 3; ++round) {
    for (std::uint32_t i = 0; i < kMissRecords; ++i) {
      EXPECT_TRUE(worker.give("n" + std::to_string(i), MissKind::kUnknown));
    }
    EXPECT_FALSE(worker.give("more", MissKind::kUnknown));
    misses.clear();
    control.take(misses, 10000);
    ASSERT_EQ(misses.size(), kMissRecords);
    EXPECT_EQ(misses.back().name, "n255");
  }
}

TEST_F(Rings, AWriterMayBeMadeAnew) {
  writer(0).give("a", MissKind::kUnknown);
  writer(0).give("b", MissKind::kUnknown);
  std::vector<Miss> misses;
  reader().take(misses, 10);
  EXPECT_EQ(misses.size(), 2U);
}

TEST_F(Rings, NobodyListensToAWriterWithoutARing) {
  EXPECT_FALSE(MissWriter().listened_to());
  EXPECT_TRUE(writer(0).listened_to());
}

// What another process wrote is checked like a packet.
TEST_F(Rings, RecordsThatLieAreSkippedAndCounted) {
  MissWriter worker = writer(0);
  for (int i = 0; i < 6; ++i) {
    worker.give("name", MissKind::kUnknown);
  }
  MissRecord* records = ring(0).records;
  records[0].name_length = 0;
  records[1].name_length = 0xffff;
  records[2].name[0] = '/';
  records[3].kind = static_cast<MissKind>(9);
  records[4].worker = 1;
  MissReader control = reader();
  std::vector<Miss> misses;
  control.take(misses, 10);
  EXPECT_EQ(misses.size(), 1U);
  EXPECT_EQ(control.faulty(), 5U);
}

TEST_F(Rings, APositionThatLiesIsNotFollowed) {
  MissReader control = reader();
  std::vector<Miss> misses;
  for (const std::uint64_t written : {std::uint64_t{kMissRecords + 1}, ~std::uint64_t{0}}) {
    ring(1).read = 0;
    ring(1).written = written;
    control.take(misses, 1000);
    EXPECT_TRUE(misses.empty());
    EXPECT_EQ(ring(1).read, written);
  }
  EXPECT_EQ(control.faulty(), 2U);
}

TEST_F(Rings, MemoryThatLiesIsRefused) {
  auto& header = *reinterpret_cast<MissRingHeader*>(memory_.span().data());
  EXPECT_FALSE(MissReader::open(memory_.span().first(10)));
  EXPECT_FALSE(MissReader::open(memory_.span().first(memory_.span().size() - 1)));
  header.worker_count = kWorkers + 1;
  EXPECT_FALSE(MissReader::open(memory_.span()));
  header.worker_count = 0;
  EXPECT_FALSE(MissReader::open(memory_.span()));
  header.worker_count = kWorkers;
  header.record_count = 512;
  EXPECT_FALSE(MissReader::open(memory_.span()));
  header.record_count = kMissRecords;
  header.magic = 0;
  EXPECT_FALSE(MissReader::open(memory_.span()));
}

// A thread at each end; no name is lost, doubled or torn.
TEST_F(Rings, BothEndsAtOnce) {
  constexpr std::uint32_t kNames = 20000;
  std::thread worker([this] {
    MissWriter out = writer(0);
    for (std::uint32_t i = 0; i < kNames;) {
      if (out.give("name" + std::to_string(i), MissKind::kUnknown)) {
        ++i;
      } else {
        std::this_thread::yield();
      }
    }
  });
  MissReader control = reader();
  std::vector<Miss> misses;
  while (misses.size() < kNames) {
    const std::size_t before = misses.size();
    control.take(misses, 100);
    if (misses.size() == before) {
      std::this_thread::yield();
    }
  }
  worker.join();
  for (std::uint32_t i = 0; i < kNames; ++i) {
    ASSERT_EQ(misses[i].name, "name" + std::to_string(i));
  }
  EXPECT_EQ(control.faulty(), 0U);
}

}  // namespace
}  // namespace dialtone::abi
