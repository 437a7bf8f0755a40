// SPDX-License-Identifier: Apache-2.0
//
// What a worker notes: a record for each request, and one for each end of a transfer.
#include "dataplane/abi/events_page.h"
#include "tests/unit/server/harness.h"

namespace dialtone::server {
namespace {

using test::kPhoneAddress;
using test::Packet;
using test::ServerTest;

constexpr std::uint32_t kCapacity = abi::kMinEvents;

// Made before the server, which writes to it.
struct Page {
  Page() : blocks(abi::events_page_size(kCapacity, 1) / sizeof(Block) + 1) {
    abi::format_events_page(bytes(), kCapacity, 1);
  }
  std::span<std::byte> bytes() { return std::as_writable_bytes(std::span(blocks)); }

  struct alignas(kCacheLine) Block {
    std::byte bytes[kCacheLine];
  };
  std::vector<Block> blocks;
};

class Events : Page, public ServerTest {
 protected:
  Events() : ServerTest({.events = abi::EventRing(Page::bytes(), 0)}) {}

  // Those since the last call.
  std::vector<abi::Event> take() {
    const auto view = abi::EventsView::open(Page::bytes());
    std::vector<abi::Event> out;
    for (; next_ < view->written(0); ++next_) {
      const auto event = view->read(0, next_);
      EXPECT_TRUE(event.has_value()) << next_;
      out.push_back(event.value_or(abi::Event{}));
    }
    return out;
  }
  // The one event since the last call.
  abi::Event one() {
    const auto events = take();
    EXPECT_EQ(events.size(), 1U);
    return events.empty() ? abi::Event{} : events.front();
  }

 private:
  std::uint64_t next_ = 0;
};

TEST_F(Events, ARequestIsNotedAsItCame) {
  server.now = 5'000'000;
  server.ask(
      Packet().from(kPhoneAddress, 50001).tagged(0x8100, 12).rrq("/SEP001122334455.cnf.XML"));
  const abi::Event event = one();
  EXPECT_EQ(event.kind, abi::EventKind::kRequest);
  EXPECT_EQ(event.outcome, index_of(Counter::kTransfersStarted));
  EXPECT_EQ(event.time_us, 5'000'000U);
  EXPECT_EQ(event.address(), IpAddress::from_v4(kPhoneAddress));
  EXPECT_EQ(event.port, 50001);
  EXPECT_EQ(event.outer_vlan, 12);
  EXPECT_EQ(event.inner_vlan, 0);
  EXPECT_EQ(event.name_view(), "/SEP001122334455.cnf.XML");
  EXPECT_EQ(event.name_hash, abi::event_name_hash("sep001122334455.cnf.xml"));
  EXPECT_EQ(event.name_class, abi::NameClass::kPhone);
  EXPECT_EQ(event.generation, image.live().view.manifest().generation);
  EXPECT_EQ(event.bytes, long_text.size());
}

TEST_F(Events, ACompleteTransferSaysWhatItTook) {
  server.now = 1'000'000;
  const std::uint16_t tid = open("two");
  take();
  server.now += 2'000'000;
  EXPECT_EQ(server.run_timers().size(), 1U);  // DATA 1 once more
  EXPECT_TRUE(take().empty());
  server.now += 100'000;
  for (std::uint16_t block = 1; block <= 3; ++block) {
    server.send(ack(tid, block));
  }
  const abi::Event event = one();
  EXPECT_EQ(event.kind, abi::EventKind::kEnd);
  EXPECT_EQ(event.outcome, index_of(Counter::kTransfersCompleted));
  EXPECT_EQ(event.name_view(), "two");
  EXPECT_EQ(event.name_hash, abi::event_name_hash("two"));
  EXPECT_EQ(event.address(), IpAddress::from_v4(kPhoneAddress));
  EXPECT_EQ(event.bytes, two.size());
  EXPECT_EQ(event.blocks, 3U);
  EXPECT_EQ(event.copies, 1U);
  EXPECT_EQ(event.duration_us, 2'100'000U);
}

TEST_F(Events, AnAckIsNoEvent) {
  const std::uint16_t tid = open("two");
  take();
  server.send(ack(tid, 1));
  server.send(ack(tid, 1));
  server.send(ack(tid, 2));
  EXPECT_TRUE(take().empty());
}

TEST_F(Events, AnAbortedTransferSaysHowFarItCame) {
  const std::uint16_t tid = open("SEP001122334455.cnf.xml");
  server.send(ack(tid, 1));
  server.send(ack(tid, 2));
  take();
  server.send(Packet().from(kPhoneAddress, 49152).to_port(tid).error(0, "no more"));
  const abi::Event event = one();
  EXPECT_EQ(event.outcome, index_of(Counter::kTransfersAborted));
  EXPECT_EQ(event.bytes, 1024U);
  EXPECT_EQ(event.blocks, 2U);
  EXPECT_EQ(event.copies, 0U);
}

TEST_F(Events, NetasciiCountsTheBytesOfTheFile) {
  const auto first = server.ask(Packet().rrq("a", "netascii"));
  EXPECT_EQ(first.body, "hello");
  server.send(ack(first.source_port, 1));
  const auto events = take();
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[1].outcome, index_of(Counter::kTransfersCompleted));
  EXPECT_EQ(events[1].bytes, 5U);
}

TEST_F(Events, EachRefusalSaysWhy) {
  const auto outcome_of = [this](const Packet& packet) {
    server.send(packet);
    return one().outcome;
  };
  EXPECT_EQ(outcome_of(Packet().rrq("nothing")), index_of(Counter::kRequestsNotFound));
  EXPECT_EQ(outcome_of(Packet().rrq("../x")), index_of(Counter::kRequestsNotFound));
  EXPECT_EQ(outcome_of(Packet().rrq("a", "mail")), index_of(Counter::kRequestsMode));
  EXPECT_EQ(outcome_of(Packet().rrq("composed")), index_of(Counter::kRequestsComposed));
  EXPECT_EQ(outcome_of(Packet().opcode(1, "no end")), index_of(Counter::kRequestsMalformed));
  EXPECT_EQ(outcome_of(Packet().wrq("up")), index_of(Counter::kRequestsWrite));
  server.publish(nullptr);
  EXPECT_EQ(outcome_of(Packet().rrq("a")), index_of(DropReason::kNoImage));
}

TEST_F(Events, TheSpellingOfWhatIsRefusedIsKept) {
  const auto spelling_of = [this](const Packet& packet) {
    server.send(packet);
    return std::string(one().name_view());
  };
  EXPECT_EQ(spelling_of(Packet().rrq("Nothing.XML")), "Nothing.XML");
  EXPECT_EQ(spelling_of(Packet().rrq("..\\Up")), "..\\Up");
  EXPECT_EQ(spelling_of(Packet().rrq("A", "mail")), "A");
  EXPECT_EQ(spelling_of(Packet().wrq("Up")), "Up");
}

TEST_F(Events, ARepeatedRequestIsASecondEventOfOneTransfer) {
  const std::uint16_t tid = open("two");
  server.ask(Packet().from(kPhoneAddress, 49152).rrq("two"));
  for (std::uint16_t block = 1; block <= 3; ++block) {
    server.send(ack(tid, block));
  }
  const auto events = take();
  ASSERT_EQ(events.size(), 3U);
  EXPECT_EQ(events[0].outcome, index_of(Counter::kTransfersStarted));
  EXPECT_EQ(events[1].outcome, index_of(Counter::kRequestsRepeated));
  EXPECT_EQ(events[2].outcome, index_of(Counter::kTransfersCompleted));
  EXPECT_EQ(events[2].copies, 1U);
}

TEST_F(Events, ThereAreAsManyAsTheCountersSay) {
  open("two");
  server.ask(Packet().from(kPhoneAddress, 49152).rrq("a"));  // replaces it
  server.ask(Packet().from(kPhoneAddress, 49152).rrq("nothing"));
  open("b", 50000);
  server.responder().end_all_sessions();
  std::size_t requests = 0;
  std::size_t ends = 0;
  for (const abi::Event& event : take()) {
    ++(event.kind == abi::EventKind::kRequest ? requests : ends);
  }
  EXPECT_EQ(requests, server.count(Counter::kRequests));
  EXPECT_EQ(ends, server.count(Counter::kTransfersStarted));
}

}  // namespace
}  // namespace dialtone::server
