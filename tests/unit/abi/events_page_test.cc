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

  static EventWords event(std::uint64_t number) {
    Event event{};
    event.time_us = number;
    event.address_high = event.address_low = event.name_hash = event.generation = number;
    event.bytes = event.duration_us = number;
    return named(event, "SEP" + std::to_string(number));
  }
  static EventWords named(const Event& event, std::string_view name) {
    EventWords words(event);
    words.set_name(name);
    return words;
  }
  // What a reader gets of it.
  Event read_back(const EventWords& words) {
    EventRing(bytes(), 0).write(words);
    return view().read(0, 0).value_or(Event{});
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

TEST_F(EventsPage, ANameOfAnyLengthKeepsItsBeginAndItsLength) {
  const std::string padded = "behind" + std::string(60, 'x') + "it";
  for (std::size_t length = 0; length < 50; ++length) {
    const std::string_view name = std::string_view(padded).substr(5, length);
    const Event event = read_back(named(Event{}, name));
    EXPECT_EQ(event.name_length, length);
    EXPECT_EQ(event.name_view(), name.substr(0, sizeof(event.name)));
    EXPECT_EQ(std::string_view(event.name, sizeof(event.name)).find_last_not_of('\0') + 1,
              std::min(length, sizeof(event.name)));
  }
}

// Of a malformed request. The sanitizers see it when no bytes at no address are copied.
TEST_F(EventsPage, ANameMayBeMissing) {
  const Event nameless = read_back(named(Event{}, std::string_view()));
  EXPECT_EQ(nameless.name_length, 0);
  EXPECT_EQ(nameless.name_view(), "");
}

TEST_F(EventsPage, EachFieldIsPutWhereAReaderFindsIt) {
  EventWords words;
  words.set<offsetof(Event, port), decltype(Event::port)>(std::uint16_t{0x1234});
  words.set<offsetof(Event, inner_vlan), decltype(Event::inner_vlan)>(std::uint16_t{0xfff});
  words.set<offsetof(Event, kind), decltype(Event::kind)>(EventKind::kEnd);
  words.set<offsetof(Event, outcome), decltype(Event::outcome)>(std::uint16_t{0xffff});
  words.set<offsetof(Event, name_class), decltype(Event::name_class)>(NameClass::kList);
  words.set<offsetof(Event, copies), decltype(Event::copies)>(std::uint32_t{0xfffffffe});
  const Event event = read_back(words);
  EXPECT_EQ(event.port, 0x1234);
  EXPECT_EQ(event.outer_vlan, 0);
  EXPECT_EQ(event.inner_vlan, 0xfff);
  EXPECT_EQ(event.our_address, 0);
  EXPECT_EQ(event.kind, EventKind::kEnd);
  EXPECT_EQ(event.outcome, 0xffff);
  EXPECT_EQ(event.name_class, NameClass::kList);
  EXPECT_EQ(event.blocks, 0U);
  EXPECT_EQ(event.copies, 0xfffffffe);
}

TEST_F(EventsPage, TimesBecomeDatesByTheNewestOffset) {
  set_wall_offset(bytes(), 1'700'000'000'000'000);
  EXPECT_EQ(view().wall_us(read_back(event(5))), 1'700'000'000'000'005);
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
