// SPDX-License-Identifier: Apache-2.0
#include "dataplane/abi/events_page.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

namespace dialtone::abi {
namespace {

class EventsPage : public testing::Test {
 protected:
  static constexpr std::uint32_t kWorkers = 2;

  EventsPage() : page_(events_page_size(kMinEvents, kWorkers) / sizeof(Event) + 1) {
    format_events_page(bytes(), kMinEvents, kWorkers);
  }

  std::span<std::byte> bytes() { return std::as_writable_bytes(std::span(page_)); }
  EventsView view() { return *EventsView::open(bytes()); }
  EventsHeader& header() { return *reinterpret_cast<EventsHeader*>(page_.data()); }

  static Event event(std::uint64_t number) {
    Event event{};
    event.time_us = number;
    event.address_high = event.address_low = event.name_hash = event.generation = number;
    event.bytes = event.duration_us = number;
    event.set_name("SEP" + std::to_string(number));
    return event;
  }

  // Page-aligned storage is not needed to read and write it here.
  struct alignas(kCacheLine) Block {
    std::byte bytes[sizeof(Event)];
  };
  std::vector<Block> page_;
};

TEST_F(EventsPage, AReaderGetsWhatItsWorkerWrote) {
  EventRing ring(bytes(), 1);
  ring.write(event(7));
  EXPECT_EQ(view().written(0), 0U);
  ASSERT_EQ(view().written(1), 1U);
  const auto read = view().read(1, 0);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->time_us, 7U);
  EXPECT_EQ(read->name_view(), "SEP7");
  EXPECT_FALSE(view().read(0, 0).has_value());
  EXPECT_FALSE(view().read(1, 1).has_value());
}

TEST_F(EventsPage, TheOldestIsOverwrittenAndAReaderSeesIt) {
  EventRing ring(bytes(), 0);
  for (std::uint64_t number = 0; number < kMinEvents + 3; ++number) {
    ring.write(event(number));
  }
  EXPECT_EQ(view().written(0), kMinEvents + 3);
  EXPECT_FALSE(view().read(0, 2).has_value());
  ASSERT_TRUE(view().read(0, 3).has_value());
  EXPECT_EQ(view().read(0, 3)->time_us, 3U);
  EXPECT_EQ(view().read(0, kMinEvents + 2)->time_us, kMinEvents + 2);
}

TEST_F(EventsPage, ARecordThatIsBeingWrittenIsNotRead) {
  EventRing(bytes(), 0).write(event(0));
  auto* sequence = reinterpret_cast<std::uint64_t*>(bytes().data() + header().records_offset);
  ASSERT_EQ(*sequence, 2U);
  *sequence = 1;
  EXPECT_FALSE(view().read(0, 0).has_value());
}

TEST_F(EventsPage, NoReaderEverSeesHalfARecord) {
  constexpr std::uint64_t kCount = 200'000;
  std::thread writer([this] {
    EventRing ring(bytes(), 0);
    for (std::uint64_t number = 0; number < kCount; ++number) {
      ring.write(event(number));
    }
  });
  const EventsView reader = view();
  std::uint64_t seen = 0;
  for (std::uint64_t next = 0; next < kCount;) {
    const std::uint64_t written = reader.written(0);
    if (written > next + kMinEvents) {
      next = written - kMinEvents;  // at the edge of what is overwritten, on purpose
    }
    for (; next < written; ++next) {
      if (const auto read = reader.read(0, next)) {
        ++seen;
        ASSERT_EQ(read->time_us, next);
        ASSERT_EQ(read->address_high, next);
        ASSERT_EQ(read->generation, next);
        ASSERT_EQ(read->duration_us, next);
        ASSERT_EQ(read->name_view(), "SEP" + std::to_string(next));
      }
    }
  }
  writer.join();
  EXPECT_NE(seen, 0U);
}

TEST_F(EventsPage, ALongNameKeepsItsBeginAndItsLength) {
  Event event{};
  const std::string name(200, 'x');
  event.set_name(name);
  EXPECT_EQ(event.name_length, 200U);
  EXPECT_EQ(event.name_view(), std::string(sizeof(event.name), 'x'));
}

// Of a malformed request. The sanitizers see it when no bytes at no address are copied.
TEST_F(EventsPage, ANameMayBeMissing) {
  Event nameless = event(1);
  nameless.set_name(std::string_view());
  EXPECT_EQ(nameless.name_length, 0);
  EXPECT_EQ(nameless.name_view(), "");
}

TEST_F(EventsPage, TimesBecomeDatesByTheNewestOffset) {
  set_wall_offset(bytes(), 1'700'000'000'000'000);
  EXPECT_EQ(view().wall_us(event(5)), 1'700'000'000'000'005);
}

TEST_F(EventsPage, WithoutARingAnEventIsDropped) {
  EventRing none;
  EXPECT_FALSE(none.present());
  none.write(event(1));
}

TEST_F(EventsPage, WhatContradictsItselfIsRefused) {
  const auto refuses = [this] { return !EventsView::open(bytes()).ok(); };
  EXPECT_FALSE(refuses());
  const EventsHeader good = header();
  const auto with = [&](auto EventsHeader::*member, auto value) {
    header() = good;
    header().*member = value;
    return refuses();
  };
  EXPECT_TRUE(with(&EventsHeader::magic, 1));
  EXPECT_TRUE(with(&EventsHeader::version, 2));
  EXPECT_TRUE(with(&EventsHeader::worker_count, 3));
  EXPECT_TRUE(with(&EventsHeader::worker_count, 0xffffffff));
  EXPECT_TRUE(with(&EventsHeader::capacity, 2 * kMinEvents));
  EXPECT_TRUE(with(&EventsHeader::capacity, kMinEvents + 1));
  EXPECT_TRUE(with(&EventsHeader::capacity, 0));
  EXPECT_TRUE(with(&EventsHeader::record_size, 64));
  EXPECT_TRUE(with(&EventsHeader::heads_offset, 0));
  EXPECT_TRUE(with(&EventsHeader::records_offset, 0));
  EXPECT_TRUE(with(&EventsHeader::size, 1));
  EXPECT_FALSE(EventsView::open(bytes().first(bytes().size() / 2)).ok());
  EXPECT_FALSE(EventsView::open(bytes().first(8)).ok());
}

}  // namespace
}  // namespace dialtone::abi
