// SPDX-License-Identifier: Apache-2.0
#include "control/daemon/event_query.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace dialtone::daemon {
namespace {

constexpr std::uint32_t kCapacity = abi::kMinEvents;

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
    const IpAddress address = IpAddress::from_v4(client);
    event.address_high = address.high;
    event.address_low = address.low;
    event.outer_vlan = vlan;
    abi::EventWords words(event);
    words.set_name(name);
    rings_[worker].write(words);
  }

  FoundEvents find(const EventQuery& query) {
    return find_events(*abi::EventsView::open(bytes()), query);
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

TEST_F(EventQueryTest, PositionsOfAnotherDataplaneBeginAnew) {
  write(0, 1, "a");
  EXPECT_EQ(names(find({.after = std::vector<std::uint64_t>{9, 0}})), "a");
  EXPECT_EQ(names(find({.after = std::vector<std::uint64_t>{1}})), "a");
  EXPECT_EQ(find({.after = std::vector<std::uint64_t>{9, 0}}).lost, 0U);
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
