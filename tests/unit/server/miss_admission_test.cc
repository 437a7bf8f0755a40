// SPDX-License-Identifier: Apache-2.0
//
// Who has waited for a file is admitted like everybody else once it is there.
#include "dataplane/server/rate_limit.h"
#include "tests/unit/server/misses.h"

namespace dialtone::server {
namespace {

using test::kPhoneAddress;
using test::Packet;
using test::ReplyView;

// A forged address that asks from many ports for what is not there yet gains nothing by it.
TEST_F(Misses, FirstPacketsAreLimitedForWhoHasWaitedToo) {
  first_packets = 2;
  publish({{"a", "hello"}});
  for (std::uint16_t port = 2000; port < 2010; ++port) {
    EXPECT_FALSE(ask("late", port));
  }
  publish({{"late", "four"}});
  EXPECT_EQ(server.unasked().size(), 2U);
  EXPECT_EQ(server.count(Counter::kParkedServed), 2U);
  EXPECT_EQ(server.count(Counter::kParkedDropped), 8U);
  EXPECT_EQ(server.count(Counter::kParkedNow), 0U);
}

TEST_F(Misses, OptionsAreHonouredForWhoHasWaited) {
  EXPECT_FALSE(server.send(
      Packet().from(kPhoneAddress, 2000).opcode(1, std::string("late\0octet\0tsize\0000\0", 19))));
  publish({{"late", "four"}});
  const auto replies = server.unasked();
  ASSERT_EQ(replies.size(), 1U);
  EXPECT_EQ(replies[0].opcode, 6);
}

TEST_F(Misses, WhoseFileHasComeWaitsForASessionLikeTheOthers) {
  publish({{"a", "hello"}});
  std::vector<std::uint16_t> tids;
  for (std::uint16_t port = 3000; port < 3064; ++port) {
    const ReplyView reply = server.ask(Packet().from(kPhoneAddress, port).rrq("a"));
    tids.push_back(reply.source_port);
  }
  EXPECT_FALSE(ask("late", 2000));
  server.now += kMs;
  EXPECT_FALSE(ask("a", 2001));
  publish({{"a", "hello"}, {"late", "four"}});
  EXPECT_TRUE(server.unasked().empty());
  EXPECT_EQ(server.count(Counter::kMissesFound), 1U);
  // It asked before the other one.
  EXPECT_FALSE(server.send(Packet().from(kPhoneAddress, 3000).to_port(tids[0]).ack(1)));
  const auto replies = server.unasked();
  ASSERT_EQ(replies.size(), 1U);
  EXPECT_EQ(replies[0].body, "four");
}

// Its file comes in the moment before its refusal, and there is no session: from then on it waits
// for one, and is asked about first packets no more.
TEST_F(Misses, WhoHasWaitedIsAskedAboutFirstPacketsOnce) {
  publish({{"a", std::string(600, 'a')}});
  std::vector<std::uint16_t> tids;
  for (std::uint16_t port = 3000; port < 3064; ++port) {
    const Packet client = Packet().from(kPhoneAddress, port);
    tids.push_back(server.ask(Packet(client).rrq("a")).source_port);
    EXPECT_TRUE(server.send(Packet(client).to_port(tids.back()).ack(1)));
  }
  first_packets = 1;
  publish({{"a", std::string(600, 'a')}});
  EXPECT_FALSE(server.send(Packet().from(kPhoneAddress + 1, 2000).rrq("f")));
  std::array<std::byte, 2048> bytes;
  test::TestImage absent(1 << 16, 99);
  absent.add_tombstone("f", 10000).build().publish_at(server.now);
  EXPECT_EQ(server.responder().frames_ready(server.now, &absent.live()), 1U);
  test::TestImage image(1 << 16, 100);
  image.policy().first_packets = first_packets;
  server.publish(&image.add("f", "four").build().live());
  Frame frame{bytes.data(), 0, static_cast<std::uint16_t>(bytes.size())};
  EXPECT_EQ(server.responder().send_ready(server.now, {&frame, 1}, &image.live()), 0U);
  EXPECT_EQ(server.count(Counter::kParkedNow), 1U);
  EXPECT_FALSE(server.send(Packet().from(kPhoneAddress, 3000).to_port(tids[0]).ack(2)));
  const auto replies = server.unasked();
  ASSERT_EQ(replies.size(), 1U);
  EXPECT_EQ(replies[0].body, "four");
}

// Where newcomers are told that all are busy, so is who has waited, and where the limits leave no
// room for that text, it is counted once all the same.
TEST_F(Misses, WhoHasWaitedIsToldBusyWhereOthersAre) {
  publish({{"a", std::string(600, 'a')}});
  for (std::uint16_t port = 3000; port < 3064; ++port) {
    const Packet client = Packet().from(kPhoneAddress, port);
    const std::uint16_t tid = server.ask(Packet(client).rrq("a")).source_port;
    EXPECT_TRUE(server.send(Packet(client).to_port(tid).ack(1)));  // it is not unanswered
  }
  EXPECT_FALSE(ask("f", 2000));
  EXPECT_FALSE(ask("f", 2001));
  test::TestImage absent(1 << 16, 99);
  absent.add_tombstone("f", 10000).build().publish_at(server.now);
  EXPECT_EQ(server.responder().frames_ready(server.now, &absent.live()), 2U);
  test::TestImage image(1 << 16, 100);
  image.policy().answers_busy = 1;
  std::memset(image.policy().busy.text, 'x', sizeof(image.policy().busy.text) - 1);
  image.policy().source_requests = 100'000;
  server.publish(&image.add("f", "four").build().live());
  for (std::uint64_t i = 1; i < RateLimit::kBurst; ++i) {
    EXPECT_TRUE(server.send(Packet().from(kPhoneAddress, 9000).opcode(1, std::string("f", 2))));
  }
  std::array<std::array<std::byte, 2048>, 2> bytes;
  std::array<Frame, 2> frames{Frame{bytes[0].data(), 0, 2048}, Frame{bytes[1].data(), 0, 2048}};
  EXPECT_EQ(server.responder().send_ready(server.now, frames, &image.live()), 1U);
  server.check_request_sum();
  EXPECT_EQ(server.count(Counter::kRequestsBusy), 1U);
  EXPECT_EQ(server.count(Counter::kParkedRefused), 1U);
  EXPECT_EQ(server.count(Counter::kParkedDropped), 1U);
  EXPECT_EQ(server.count(Counter::kParkedNow), 0U);
}

}  // namespace
}  // namespace dialtone::server
