// SPDX-License-Identifier: Apache-2.0
#include "control/daemon/event_query.h"

#include "dataplane/base/mapping.h"
#include "dataplane/base/unique_fd.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <sys/mman.h>

#include <cstddef>
#include <cstring>
#include <string>
#include <vector>

namespace dialtone::daemon {
namespace {

constexpr std::uint32_t kCapacity = abi::kMinEvents;
constexpr std::size_t kOutcomes = 10;

class EventQueryTest : public testing::Test {
 protected:
  EventQueryTest() : page_(abi::events_page_size(kCapacity, 2) / sizeof(Block) + 1) {
    abi::format_events_page(bytes(), kCapacity, 2);
    rings_ = {abi::EventRing(bytes(), 0), abi::EventRing(bytes(), 1)};
  }

  std::span<std::byte> bytes() { return std::as_writable_bytes(std::span(page_)); }

  void write(std::uint32_t worker, std::uint64_t time, const std::string& name,
             std::uint32_t client = 1, std::uint16_t vlan = 0) {
    abi::Event event{};
    event.time_us = time;
    event.kind = abi::EventKind::kRequest;
    const IpAddress address = IpAddress::from_v4(client);
    event.address_high = address.high;
    event.address_low = address.low;
    event.outer_vlan = vlan;
    abi::EventWords words(event);
    words.set_name(name);
    rings_[worker].write(words);
  }

  FoundEvents find(const EventQuery& query) {
    return find_events(*abi::EventsView::open(bytes()), kOutcomes, query);
  }
  // The record's 8 bytes at `offset`, as no dataplane of ours leaves them.
  std::uint64_t& word(std::uint32_t worker, std::uint64_t number, std::size_t offset) {
    const auto& header = *reinterpret_cast<const abi::EventsHeader*>(bytes().data());
    return *reinterpret_cast<std::uint64_t*>(bytes().data() + header.records_offset +
                                             (worker * kCapacity + number) * sizeof(abi::Event) +
                                             offset);
  }
  std::uint64_t& written(std::uint32_t worker) {
    return *reinterpret_cast<std::uint64_t*>(bytes().data() + sizeof(abi::EventsHeader) +
                                             worker * kCacheLine);
  }
  static std::string names(const FoundEvents& found) {
    std::string out;
    for (const FoundEvent& each : found.events) {
      out += (out.empty() ? "" : " ") + std::string(each.event.name_view());
    }
    return out;
  }

  struct alignas(kCacheLine) Block {
    std::byte bytes[kCacheLine];
  };
  std::vector<Block> page_;
  std::vector<abi::EventRing> rings_;
};

TEST_F(EventQueryTest, TheNewestOfAllWorkersInTheOrderOfTime) {
  write(0, 10, "a");
  write(1, 20, "b");
  write(0, 30, "c");
  write(1, 25, "d");
  EXPECT_EQ(names(find({})), "a b d c");
  EXPECT_EQ(names(find({.limit = 2})), "d c");
  EXPECT_EQ(find({.limit = 2}).next, (std::vector<std::uint64_t>{2, 2}));
}

TEST_F(EventQueryTest, WhoFollowsGetsEachOnce) {
  write(0, 10, "a");
  const FoundEvents first = find({});
  EXPECT_EQ(names(find({.after = first.next})), "");
  write(1, 20, "b");
  write(0, 30, "c");
  write(0, 40, "d");
  const FoundEvents second = find({.after = first.next, .limit = 2});
  EXPECT_EQ(names(second), "b c");
  const FoundEvents third = find({.after = second.next, .limit = 2});
  EXPECT_EQ(names(third), "d");
  EXPECT_EQ(third.lost, 0U);
}

TEST_F(EventQueryTest, WhatWasOverwrittenMeanwhileIsCounted) {
  write(0, 1, "a");
  const FoundEvents first = find({});
  for (std::uint64_t number = 0; number < kCapacity + 5; ++number) {
    write(0, 2 + number, "x");
  }
  const FoundEvents second = find({.after = first.next, .limit = 1000});
  EXPECT_EQ(second.events.size(), kCapacity);
  EXPECT_EQ(second.lost, 5U);
}

TEST_F(EventQueryTest, WhatIsThereAndTooManyToLookAtIsNotCalledOverwritten) {
  write(0, 1, "a");
  const FoundEvents first = find({});
  for (std::uint64_t number = 0; number < kCapacity + 5; ++number) {
    write(0, 2 + number, "x");
    write(1, 2 + number, "y");
  }
  const FoundEvents second = find({.after = first.next, .limit = 1000, .most_records = 20});
  EXPECT_EQ(second.events.size(), 20U);
  EXPECT_EQ(second.lost, 10U);
  EXPECT_EQ(second.skipped, 2 * (kCapacity - 10U));
  EXPECT_EQ(find({.after = second.next, .most_records = 20}).skipped, 0U) << "each is said once";
  EXPECT_EQ(find({.most_records = 20}).skipped, 0U) << "who does not follow asks for the newest";
}

TEST_F(EventQueryTest, PositionsOfAnotherDataplaneBeginAnew) {
  write(0, 1, "a");
  EXPECT_EQ(names(find({.after = std::vector<std::uint64_t>{9, 0}})), "a");
  EXPECT_EQ(names(find({.after = std::vector<std::uint64_t>{1}})), "a");
  EXPECT_EQ(find({.after = std::vector<std::uint64_t>{9, 0}}).lost, 0U);
}

TEST_F(EventQueryTest, FaultyRecordsAreCountedAndLeftOut) {
  for (const char* name : {"a", "b", "c", "d", "e"}) {
    write(0, 10, name);
  }
  word(0, 1, 0) = 1;                                      // never written, says its sequence
  word(0, 2, offsetof(abi::Event, outcome)) = kOutcomes;  // an outcome that there is not
  // A kind that there is not: the last byte of the word that begins with the port.
  word(0, 3, offsetof(abi::Event, port)) |= std::uint64_t{7} << 56;
  const FoundEvents found = find({});
  EXPECT_EQ(names(found), "a e");
  EXPECT_EQ(found.faulty, 3U);
  EXPECT_EQ(found.next, (std::vector<std::uint64_t>{5, 0}));
  const FoundEvents followed = find({.after = std::vector<std::uint64_t>{2, 0}});
  EXPECT_EQ(names(followed), "e");
  EXPECT_EQ(followed.faulty, 2U);
  EXPECT_EQ(followed.lost, 0U);
  EXPECT_EQ(find({.after = followed.next}).faulty, 0U) << "each is said once";
  EXPECT_EQ(count_faulty(*abi::EventsView::open(bytes()), kOutcomes, 1000), 3U);
  EXPECT_EQ(count_faulty(*abi::EventsView::open(bytes()), kOutcomes, 4), 1U)
      << "of two of each ring";
}

TEST_F(EventQueryTest, APositionThatLiesIsAFaultNotALoss) {
  write(0, 10, "a");
  written(0) = 5;
  const FoundEvents found = find({});
  EXPECT_EQ(names(found), "a");
  EXPECT_EQ(found.faulty, 4U);
  written(0) = ~std::uint64_t{0};
  EXPECT_EQ(find({}).faulty, kCapacity) << "a ring has no more records than these";
}

// 1,024 workers with a million records each, as a sparse memfd may claim to have: 128 GiB.
TEST(EventQueryBound, APageThatClaimsToBeHugeIsReadInPart) {
  constexpr std::uint32_t kWorkers = 1024;
  const std::size_t size = abi::events_page_size(abi::kMaxEvents, kWorkers);
  const UniqueFd fd(::memfd_create("dialtone-test", MFD_CLOEXEC));
  ASSERT_EQ(::ftruncate(fd.get(), static_cast<off_t>(size)), 0);
  const Mapping mapping(
      ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, fd.get(), 0), size);
  const auto page = mapping.writable_bytes();
  abi::format_events_page(page, abi::kMaxEvents, kWorkers);
  for (std::uint32_t worker = 0; worker < kWorkers; ++worker) {
    const std::uint64_t written = ~std::uint64_t{0} - worker;
    std::memcpy(page.data() + sizeof(abi::EventsHeader) + worker * kCacheLine, &written,
                sizeof(written));
  }
  const auto view = abi::EventsView::open(page);
  ASSERT_TRUE(view.ok());
  EXPECT_EQ(find_events(*view, kOutcomes, {.most_records = 4 * kWorkers}).faulty, 4 * kWorkers);
  EXPECT_EQ(count_faulty(*view, kOutcomes, 2 * kWorkers), 2 * kWorkers);
}

TEST_F(EventQueryTest, OfOneClient) {
  write(0, 1, "a", 1);
  write(0, 2, "b", 2);
  EXPECT_EQ(names(find({.client = IpAddress::from_v4(2)})), "b");
  EXPECT_EQ(find({.client = IpAddress::from_v4(2)}).next, (std::vector<std::uint64_t>{2, 0}));
}

TEST_F(EventQueryTest, OfADeviceIsWhatItsClientAskedFor) {
  write(0, 1, "/CTLSEP001122334455.tlv", 1, 10);
  write(0, 2, "Ringlist.xml", 1, 10);
  write(0, 3, "Ringlist.xml", 1, 11);  // another phone: another VLAN
  write(1, 4, "sep665544332211.cnf.xml", 2, 10);
  EXPECT_EQ(names(find({.device = "sep001122334455"})), "/CTLSEP001122334455.tlv Ringlist.xml");
  EXPECT_EQ(names(find({.device = "sep000000000000"})), "");
}

}  // namespace
}  // namespace dialtone::daemon
