// SPDX-License-Identifier: Apache-2.0
//
// How control answers the names that a dataplane's workers ask for: the dataplane's real store and
// offer socket, without a worker; virtual time.
#include "control/daemon/service.h"
#include "dataplane/abi/miss_ring.h"
#include "dataplane/image/offer_server.h"
#include "tests/support/temp_folder.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <sys/mman.h>

#include <filesystem>
#include <string>

namespace dialtone::daemon {
namespace {

using std::chrono::milliseconds;

class MissTest : public testing::Test {
 protected:
  MissTest() {
    std::filesystem::create_directory(folder_.file("assets"));
    folder_.write("assets/a.txt", "a");
    make_rings();
    offers_.emplace(*image::OfferServer::listen({.path = folder_.file("dataplane.sock"),
                                                 .counters_fd = no_counters_.get(),
                                                 .misses_fd = rings_.get(),
                                                 .is_connected = &listening_},
                                                store_, [](Severity, const std::string&) {}));
    Options options;
    options.dataplane = folder_.file("dataplane.sock");
    options.assets = folder_.file("assets");
    options.asks_for_misses = true;
    options.miss_wait_ms = 100;
    service_ = *Service::open(options);
    EXPECT_TRUE(service_->build_all().ok());
    pass(milliseconds(100));
    EXPECT_EQ(generation(), 1U);
    EXPECT_TRUE(listening_);
    worker_ = abi::MissWriter(abi::worker_miss_ring(memory_.writable_bytes(), 0), 0, listening_);
  }

  void make_rings() {
    const std::size_t size = abi::miss_ring_size(1);
    rings_ = UniqueFd(::memfd_create("dialtone-test", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    EXPECT_EQ(::ftruncate(rings_.get(), static_cast<off_t>(size)), 0);
    memory_ =
        Mapping(::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, rings_.get(), 0), size);
    abi::format_miss_ring(memory_.writable_bytes(), 1);
    EXPECT_EQ(::fcntl(rings_.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW), 0);
  }

  void ask(const std::string& name) { EXPECT_TRUE(worker_.give(name, abi::MissKind::kUnknown)); }

  // Both processes' loops, in steps of 5 ms.
  void pass(milliseconds time) {
    for (const auto end = now_ + time; now_ < end;) {
      now_ += milliseconds(5);
      service_->step(now_);
      offers_->step();
    }
  }

  std::uint64_t generation() const {
    return store_.manifest() == nullptr ? 0 : store_.manifest()->generation;
  }
  bool serves(const std::string& name) const { return view().find(name).has_value(); }
  bool is_absent(const std::string& name) const {
    return view().find_tombstone(abi::name_key(name, view().seed())) != nullptr;
  }
  const abi::ImageView& view() const { return store_.current()->view; }

  test::TempFolder folder_;
  UniqueFd no_counters_{::open("/dev/null", O_RDONLY | O_CLOEXEC)};  // nobody reads them here
  UniqueFd rings_;
  Mapping memory_;
  std::atomic<bool> listening_{false};
  image::ImageStore store_{1, image::supported_map_mode()};
  std::optional<image::OfferServer> offers_;
  std::unique_ptr<Service> service_;
  abi::MissWriter worker_;
  Service::Clock::time_point now_ = Service::Clock::now();
};

TEST_F(MissTest, AFileThatHasJustLandedIsPublishedWithoutWaitingForQuiet) {
  folder_.write("assets/Late.bin", "late");
  ask("late.bin");
  pass(milliseconds(25));  // the folder is not quiet for 50 ms yet
  EXPECT_TRUE(serves("late.bin"));
  EXPECT_EQ(view().policy().miss_rule, abi::MissRule::kAsk);
  pass(milliseconds(500));
  EXPECT_FALSE(is_absent("late.bin"));
}

TEST_F(MissTest, AFileThatLandsWhileItIsWaitedForIsPublished) {
  ask("late.bin");
  pass(milliseconds(50));
  EXPECT_EQ(generation(), 1U);
  folder_.write("assets/late.bin", "late");
  pass(milliseconds(25));
  EXPECT_TRUE(serves("late.bin"));
}

TEST_F(MissTest, WhatDoesNotComeIsAbsent) {
  ask("nosuch");
  pass(milliseconds(95));
  EXPECT_FALSE(is_absent("nosuch"));
  pass(milliseconds(50));
  EXPECT_TRUE(is_absent("nosuch"));
  EXPECT_EQ(generation(), 2U);
  pass(milliseconds(500));
  EXPECT_EQ(generation(), 2U);
  // It is there later all the same.
  folder_.write("assets/nosuch", "such");
  pass(milliseconds(100));
  EXPECT_TRUE(serves("nosuch"));
  EXPECT_FALSE(is_absent("nosuch"));
}

TEST_F(MissTest, ANameThatIsServedNeedsNoAnswer) {
  ask("a.txt");
  pass(milliseconds(500));
  EXPECT_EQ(generation(), 1U);
}

TEST_F(MissTest, AFolderThatIsAwaySaysNothingOfWhatIsInIt) {
  std::filesystem::rename(folder_.file("assets"), folder_.file("away"));
  pass(milliseconds(1500));
  ask("nosuch");
  pass(milliseconds(500));
  EXPECT_EQ(generation(), 1U);
  std::filesystem::rename(folder_.file("away"), folder_.file("assets"));
  pass(milliseconds(6000));
  EXPECT_TRUE(is_absent("nosuch"));
}

// Two thousand names at random in each of ten seconds.
TEST_F(MissTest, AScanIsManyNamesInFewGenerations) {
  int number = 0;
  for (int i = 0; i < 1000; ++i) {
    for (int j = 0; j < 20; ++j) {
      ask("scan" + std::to_string(++number));
    }
    pass(milliseconds(10));
  }
  EXPECT_LE(generation(), 1U + 50);
  EXPECT_GE(generation(), 10U);
  EXPECT_EQ(view().manifest().tombstone_count, abi::kMaxTombstones);
  EXPECT_LE(store_.live_generations(), 2U);
  // And an honest one has its answer meanwhile.
  ask("honest");
  pass(milliseconds(400));
  EXPECT_TRUE(is_absent("honest"));
}

TEST_F(MissTest, NonsenseInTheRingIsSkipped) {
  ask("ok1");
  abi::MissRing& ring = abi::worker_miss_ring(memory_.writable_bytes(), 0);
  ring.records[0].name_length = 60000;
  ask("ok2");
  pass(milliseconds(300));
  EXPECT_TRUE(is_absent("ok2"));
  EXPECT_FALSE(is_absent("ok1"));
  ring.written += 100000;
  pass(milliseconds(100));
  EXPECT_EQ(generation(), 2U);
}

}  // namespace
}  // namespace dialtone::daemon
