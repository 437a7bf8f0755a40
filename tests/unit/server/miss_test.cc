// SPDX-License-Identifier: Apache-2.0
//
// Names that the index lacks, when the policy says to ask control.
#include "dataplane/server/rate_limit.h"
#include "tests/unit/server/harness.h"

#include <memory>

namespace dialtone::server {
namespace {

using test::kPhoneAddress;
using test::Packet;
using test::ReplyView;

constexpr Ticks kMs = test::kTicksPerSecond / 1000;
constexpr std::uint32_t kParkMs = 3000;

// Control's end of the ring, and a server that asks.
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
    return server.send(Packet().from(kPhoneAddress, port).rrq(name));
  }
  void expect_not_found(const std::vector<ReplyView>& replies) {
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

TEST_F(Misses, TheFileIsServedWhenItIsPublished) {
  EXPECT_FALSE(ask("SEP001122334455.cnf.xml"));
  EXPECT_EQ(asked(), std::vector<std::string>{"sep001122334455.cnf.xml"});
  EXPECT_EQ(kind, abi::MissKind::kUnknown);
  EXPECT_EQ(server.count(Counter::kParkedNow), 1U);
  EXPECT_TRUE(server.unasked().empty());
  publish({{"other", "x"}});  // not that one
  EXPECT_TRUE(server.unasked().empty());
  publish({{"sep001122334455.cnf.xml", "<device/>"}});
  const auto replies = server.unasked();
  ASSERT_EQ(replies.size(), 1U);
  EXPECT_EQ(replies[0].opcode, 3);
  EXPECT_EQ(replies[0].number, 1);
  EXPECT_EQ(replies[0].body, "<device/>");
  EXPECT_EQ(server.count(Counter::kMissesFound), 1U);
  EXPECT_EQ(server.count(Counter::kParkedServed), 1U);
  EXPECT_EQ(server.count(Counter::kRequestsNotFound), 0U);
}

TEST_F(Misses, ATombstoneAnswersWhoWaitsAndWhoComesLater) {
  EXPECT_FALSE(ask("nosuch"));
  publish({{"a", "hello"}}, {"nosuch"}, 10000);
  expect_not_found(server.unasked());
  EXPECT_EQ(server.count(Counter::kMissesAbsent), 1U);
  EXPECT_EQ(asked().size(), 1U);
  // As long as it is in force, there is nothing to ask.
  server.now += 9999 * kMs;
  EXPECT_TRUE(ask("nosuch", 2001));
  EXPECT_EQ(server.count(Counter::kMissesKnown), 1U);
  EXPECT_TRUE(asked().empty());
  // It runs out without a new generation.
  server.now += 1 * kMs;
  EXPECT_FALSE(ask("nosuch", 2002));
  EXPECT_EQ(asked(), std::vector<std::string>{"nosuch"});
  EXPECT_EQ(kind, abi::MissKind::kAgain);
}

TEST_F(Misses, ATombstoneNeverHidesAFile) {
  publish({{"late", "here"}}, {"late"});
  EXPECT_TRUE(ask("late"));
  EXPECT_EQ(server.count(Counter::kRequestsProcessed), 1U);
}

TEST_F(Misses, WithoutAWordFromControlTheAnswerIsNotFoundWhenTimeIsOver) {
  EXPECT_FALSE(ask("nosuch"));
  server.now += (kParkMs - 1) * kMs;
  EXPECT_TRUE(server.unasked().empty());
  server.now += kMs;
  expect_not_found(server.unasked());
  EXPECT_EQ(server.count(Counter::kMissesTimedOut), 1U);
  EXPECT_EQ(server.count(Counter::kRequestsNotFound), 1U);
  EXPECT_EQ(server.count(Counter::kParkedNow), 0U);
}

TEST_F(Misses, TimeCountsFromTheFirstRequest) {
  EXPECT_FALSE(ask("nosuch"));
  server.now += (kParkMs - 1) * kMs;
  EXPECT_FALSE(ask("nosuch"));  // a repeat
  EXPECT_EQ(server.count(Counter::kParkedRepeated), 1U);
  server.now += kMs;
  expect_not_found(server.unasked());
}

TEST_F(Misses, ANameIsAskedForOnceHoweverManyWait) {
  for (std::uint16_t port = 2000; port < 2010; ++port) {
    EXPECT_FALSE(ask("load.bin", port));
  }
  EXPECT_FALSE(ask("LOAD.BIN", 2010));
  EXPECT_EQ(asked(), std::vector<std::string>{"load.bin"});
  EXPECT_EQ(server.count(Counter::kMissesAsked), 1U);
  publish({{"load.bin", "bytes"}});
  EXPECT_EQ(server.unasked().size(), 11U);
  EXPECT_EQ(server.count(Counter::kMissesFound), 11U);
}

TEST_F(Misses, AfterTheLastHasGoneItIsAskedForAgain) {
  EXPECT_FALSE(ask("x", 2000));
  EXPECT_FALSE(ask("y", 2000));  // in its place
  EXPECT_FALSE(ask("x", 2001));
  EXPECT_EQ(asked(), (std::vector<std::string>{"x", "y", "x"}));
}

// Control may have lost it, as when it was started anew: those who come later must not wait for
// each other.
TEST_F(Misses, WhenWhoMadeUsAskHasGoneItIsAskedForAgain) {
  EXPECT_FALSE(ask("x", 2000));
  EXPECT_EQ(asked(), std::vector<std::string>{"x"});
  server.now += (kParkMs - 1) * kMs;
  EXPECT_FALSE(ask("x", 2001));
  EXPECT_TRUE(asked().empty());
  server.now += kMs;
  expect_not_found(server.unasked());
  EXPECT_FALSE(ask("x", 2002));
  EXPECT_EQ(asked(), std::vector<std::string>{"x"});
  EXPECT_EQ(server.count(Counter::kParkedNow), 2U);
}

TEST_F(Misses, AnswersAtOnceWhenNobodyListens) {
  listening_ = false;
  EXPECT_TRUE(ask("nosuch"));
  EXPECT_EQ(server.count(Counter::kMissesNotAsked), 1U);
  EXPECT_TRUE(asked().empty());
}

TEST_F(Misses, ATransferOfTheClientEndsWhenItAsksForWhatIsMissing) {
  EXPECT_TRUE(ask("a"));
  EXPECT_FALSE(ask("nosuch"));
  EXPECT_EQ(server.sessions(), 0U);
  EXPECT_EQ(server.count(Counter::kTransfersReplaced), 1U);
}

TEST_F(Misses, ARuleThatChangesEndsTheWaiting) {
  EXPECT_FALSE(ask("nosuch"));
  test::TestImage at_once(1 << 16, 100);
  at_once.add("a", "hello").build();
  server.publish(&at_once.live());
  expect_not_found(server.unasked());
  EXPECT_TRUE(ask("nosuch"));
}

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

// Its file comes in the moment before its refusal, and there is no session. Where newcomers are
// told that all are busy, it waits all the same, and is counted once.
TEST_F(Misses, WhoHasWaitedWaitsOnWhereOthersAreToldBusy) {
  publish({{"a", std::string(600, 'a')}});
  for (std::uint16_t port = 3000; port < 3064; ++port) {
    const Packet client = Packet().from(kPhoneAddress, port);
    const std::uint16_t tid = server.ask(Packet(client).rrq("a")).source_port;
    EXPECT_TRUE(server.send(Packet(client).to_port(tid).ack(1)));  // it is not unanswered
  }
  EXPECT_FALSE(ask("f", 2000));
  test::TestImage absent(1 << 16, 99);
  absent.add_tombstone("f", 10000).build().publish_at(server.now);
  EXPECT_EQ(server.responder().frames_ready(server.now, &absent.live()), 1U);
  test::TestImage image(1 << 16, 100);
  image.policy().answers_busy = 1;
  std::memset(image.policy().busy.text, 'x', sizeof(image.policy().busy.text) - 1);
  image.policy().source_requests = 100'000;
  server.publish(&image.add("f", "four").build().live());
  for (std::uint64_t i = 0; i < RateLimit::kBurst; ++i) {
    EXPECT_TRUE(server.send(Packet().from(kPhoneAddress, 9000).opcode(1, std::string("f", 2))));
  }
  std::array<std::byte, 2048> bytes;
  Frame frame{bytes.data(), 0, bytes.size()};
  EXPECT_EQ(server.responder().send_ready(server.now, {&frame, 1}, &image.live()), 0U);
  server.check_request_sum();
  EXPECT_EQ(server.count(Counter::kRequestsBusy), 0U);
  EXPECT_EQ(server.count(Counter::kParkedNow), 1U);
}

TEST_F(Misses, NoMoreThanHalfOfTheLotIsForThem) {
  for (std::uint16_t port = 2000; port < 2016; ++port) {
    EXPECT_FALSE(ask("random" + std::to_string(port), port));
  }
  EXPECT_TRUE(ask("random", 2016));
  EXPECT_EQ(server.count(Counter::kMissesNotAsked), 1U);
  EXPECT_EQ(server.count(Counter::kParkedNow), 16U);
  // Known files are served all the same, and those places are free again in time.
  EXPECT_TRUE(ask("a", 2017));
  server.now += kParkMs * kMs;
  server.unasked();
  EXPECT_EQ(server.count(Counter::kParkedRefused), 16U);
  EXPECT_FALSE(ask("random", 2016));
}

// Names at random from everywhere: memory is fixed, and each gets its answer.
TEST_F(Misses, AScanOfRandomNamesIsBounded) {
  std::uint64_t at_once = 0;
  std::uint64_t later = 0;
  for (std::uint32_t i = 0; i < 20'000; ++i) {
    const auto reply =
        server.send(Packet().from(0x0b000000 + i, 4000).rrq("scan" + std::to_string(i)));
    at_once += reply.has_value();
    if (i % 100 == 0) {
      server.now += kMs;
      later += server.run_timers().size();
      static_cast<void>(asked());
    }
  }
  server.now += kParkMs * kMs;
  later += server.run_timers().size();
  EXPECT_EQ(at_once + later, 20'000U);
  EXPECT_EQ(server.count(Counter::kRequestsNotFound), 20'000U);
  EXPECT_EQ(server.sessions(), 0U);
}

class LargeLot : public Misses {
 protected:
  LargeLot() : Misses(2000) {}
};

TEST_F(LargeLot, AFullRingAnswersAtOnce) {
  for (std::uint16_t i = 0; i < abi::kMissRecords; ++i) {
    EXPECT_FALSE(ask("n" + std::to_string(i), static_cast<std::uint16_t>(2000 + i)));
  }
  EXPECT_TRUE(ask("one more", 9000));
  EXPECT_EQ(server.count(Counter::kMissesNotAsked), 1U);
  EXPECT_FALSE(ask("n7", 9001));  // asked for already: it may wait
  EXPECT_EQ(asked().size(), abi::kMissRecords);
  EXPECT_FALSE(ask("one more", 9000));
}

// What control writes as its position is not believed.
TEST_F(LargeLot, AHostileReadPositionIsHarmless) {
  for (const std::uint64_t read : {std::uint64_t{1}, std::uint64_t{1} << 63}) {
    ring().read = read;
    EXPECT_TRUE(ask("x", 2000)) << read;  // it looks full
  }
  ring().read = ~std::uint64_t{0};
  EXPECT_FALSE(ask("x", 2000));
  ring().written = 1 << 20;  // our position is not read from there
  EXPECT_FALSE(ask("y", 2001));
  EXPECT_EQ(ring().written, 2U);
}

// A publish while many wait: each turn looks at some of them, and all are answered.
TEST_F(LargeLot, ManyThatWaitAreAllWoken) {
  for (std::uint16_t i = 0; i < 900; ++i) {
    EXPECT_FALSE(ask("late", static_cast<std::uint16_t>(2000 + i)));
  }
  publish({{"a", "hello"}}, {"late"});
  std::size_t answered = 0;
  for (int turn = 0; turn < 100; ++turn) {
    answered += server.unasked().size();
  }
  EXPECT_EQ(answered, 900U);
  EXPECT_EQ(server.count(Counter::kMissesAbsent), 900U);
}

}  // namespace
}  // namespace dialtone::server
