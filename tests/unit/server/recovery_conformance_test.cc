// SPDX-License-Identifier: Apache-2.0
//
// Windows, copies and loss inside a transfer: the rest of the cases T60 to T80 of
// docs/tftp-conformance.md.
#include "tests/unit/server/conformance.h"

namespace dialtone::server {
namespace {

using test::Conformance;
using test::kPhoneAddress;
using test::kTicksPerSecond;
using test::Phone;
using test::ReplyView;
using test::told;

using RecoveryConformance = Conformance;

TEST_P(RecoveryConformance, T68_Rfc7440_8_WhoNeverAnswersGetsSoManyCopies) {
  image.manifest().policy.first_copies = 2;
  test::Server fresh;
  fresh.publish(&image.live());
  Phone one(fresh, kPhoneAddress);
  EXPECT_EQ(one.ask(kLongFile), "DATA 1 512 bytes");
  std::size_t copies = 0;
  for (int second = 0; second < 300; ++second) {
    fresh.now += kTicksPerSecond;
    copies += fresh.run_timers().size();
  }
  EXPECT_EQ(copies, has_limits() ? 1U : 2U) << "33 times the request at most";
  EXPECT_EQ(fresh.sessions(), 0U);
}

TEST_P(RecoveryConformance, T70_Rfc1350_10_TheLastBlockIsRepeatedThenFreed) {
  Phone one = phone();
  one.ask("two|octet|");
  one.blocks_for(1);
  EXPECT_EQ(one.blocks_for(2), "3");
  std::string copies;
  for (std::uint32_t i = 0; i < image.manifest().policy.retransmits; ++i) {
    copies += copies.empty() ? "3" : " 3";
  }
  EXPECT_EQ(wait(300), copies);
  EXPECT_EQ(server.sessions(), 0U);
  EXPECT_EQ(server.count(Counter::kTransfersTimedOut), 1U);
}

TEST_P(RecoveryConformance, T70_Rfc1350_10_ALateLastAckEndsIt) {
  Phone one = phone();
  one.ask("a|octet|");
  EXPECT_EQ(wait(2), "1");
  EXPECT_EQ(one.blocks_for(1), "");
  EXPECT_EQ(server.count(Counter::kTransfersCompleted), 1U);
}

TEST_P(RecoveryConformance, T73_Rfc7440_9_AWindowGoesOnOverTheWrapThoughABlockIsLost) {
  const std::string big = test::pattern(70'000 * 8);
  OtherFiles files(2 << 20);
  files.add("big", big).build();
  server.publish(&files.live());
  Phone one = phone();
  one.ask("big|octet|blksize|8|windowsize|16|");
  std::string content;
  std::uint64_t have = 0;  // blocks in order
  bool lost = false;
  std::vector<ReplyView> window = one.acknowledge(0);
  while (!window.empty()) {
    for (const ReplyView& data : window) {
      if (have == 65535 && !lost) {
        lost = true;  // block 65536, with the number 0, is lost: what follows is of no use
        break;
      }
      ASSERT_EQ(data.number, (have + 1) & 0xffff);
      content += data.body;
      ++have;
    }
    window = one.acknowledge(static_cast<std::uint16_t>(have));
  }
  EXPECT_TRUE(lost);
  EXPECT_TRUE(content == big);
  EXPECT_EQ(server.count(Counter::kTransfersCompleted), 1U);
}

TEST_P(RecoveryConformance, T74_Rfc7440_2_Rfc7440_3_TheNextWindowBeginsBehindTheAck) {
  Phone one = open("windowsize|8|");
  EXPECT_EQ(one.blocks_for(0), "1 2 3 4 5 6 7 8");
  EXPECT_EQ(one.blocks_for(5), "6 7 8 9 10 11 12 13");
}

TEST_P(RecoveryConformance, T75_Rfc7440_3_TheSameAckWithinAWindowBringsNothing) {
  Phone one = open("windowsize|8|");
  one.blocks_for(0);
  EXPECT_EQ(one.blocks_for(5), "6 7 8 9 10 11 12 13");
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(one.blocks_for(5), "");
  }
  EXPECT_EQ(one.blocks_for(13), "14 15 16 17 18");
}

TEST_P(RecoveryConformance, T76_Rfc1123_1_TwoAcksOfAWindowBringTheNextOnce) {
  Phone one = open("windowsize|8|");
  one.blocks_for(0);
  EXPECT_EQ(one.blocks_for(8), "9 10 11 12 13 14 15 16");
  EXPECT_EQ(one.blocks_for(8), "");
  EXPECT_EQ(one.blocks_for(16), "17 18");
}

TEST_P(RecoveryConformance, Rfc1123_3_TheGapsBetweenCopiesGrow) {
  EXPECT_EQ(open().blocks_for(1), "2");
  Ticks last = server.now;
  Ticks gap = 0;
  std::uint32_t copies = 0;
  for (int step = 0; step < 20'000; ++step) {
    server.now += kTicksPerSecond / 100;
    if (!server.run_timers().empty()) {
      EXPECT_GE(server.now - last, gap * 3 / 2);
      gap = server.now - last;
      last = server.now;
      ++copies;
    }
  }
  EXPECT_EQ(copies, image.manifest().policy.retransmits);
}

TEST_P(RecoveryConformance, Rfc1123_3_ALongWayCostsNoNeedlessCopies) {
  Phone one = open();
  for (std::uint16_t block = 1; block < 18; ++block) {
    EXPECT_EQ(wait(0), "");
    server.now += kTicksPerSecond / 5;  // 200 ms there and back
    EXPECT_TRUE(server.run_timers().empty());
    EXPECT_EQ(one.blocks_for(block), std::to_string(block + 1));
  }
  EXPECT_EQ(server.count(Counter::kDataRetransmitted), 0U);
}

TEST_P(RecoveryConformance, Rfc7440_4_ATimeoutSendsTheWindowFromTheLastAckOn) {
  Phone one = open("windowsize|4|");
  EXPECT_EQ(one.blocks_for(0), "1 2 3 4");
  EXPECT_EQ(one.blocks_for(4), "5 6 7 8");  // and ACK 8 is lost
  EXPECT_EQ(wait(2), "5 6 7 8");
  EXPECT_EQ(one.blocks_for(8), "9 10 11 12");
}

// What goes out by itself follows the client's last packet, not its request alone.
TEST_P(RecoveryConformance, S25_CopiesGoToTheGatewayThatTookOver) {
  const wire::MacAddress second{{2, 0x22, 0x22, 0, 0, 2}};
  const auto copy_goes_to = [&] {
    server.now += 3 * kTicksPerSecond;
    const auto copies = server.run_timers();
    EXPECT_FALSE(copies.empty());
    return copies.empty() ? wire::MacAddress{} : test::parse_reply(copies[0]).destination_mac;
  };
  Phone plain = open();
  EXPECT_EQ(plain.blocks_for(1), "2");
  EXPECT_EQ(copy_goes_to(), test::kPhoneMac);
  EXPECT_FALSE(server.send(plain.to_transfer().from_mac(second).ack(1)));  // 2 was lost
  EXPECT_EQ(copy_goes_to(), second);
  plain.give_up();
  Phone windowed = open("windowsize|4|");
  windowed.blocks_for(0);
  server.send(windowed.to_transfer().from_mac(second).ack(4));
  const auto rest = server.run_timers();
  ASSERT_EQ(rest.size(), 3U);
  EXPECT_EQ(test::parse_reply(rest[0]).destination_mac, second);
}

// What is left of the windows behind a queue on the way that holds so many frames, and whose line
// is so much slower than ours that none leaves while a window comes in. The client acknowledges a
// window, or what it has of it when nothing more comes.
struct Passage {
  std::string content;
  std::size_t lost = 0;
};

Passage pass_queue(test::Server& server, Phone& one, std::size_t queue, std::size_t block_size) {
  Passage passage;
  std::uint16_t have = 0;
  bool ended = false;
  for (int turn = 0; turn < 1000 && !ended; ++turn) {
    auto arrived = one.acknowledge(have);
    passage.lost += arrived.size() - std::min(arrived.size(), queue);
    arrived.resize(std::min(arrived.size(), queue));
    for (const ReplyView& data : arrived) {
      if (data.number == have + 1) {
        passage.content += data.body;
        ++have;
        ended = data.body.size() < block_size;
      }
    }
    server.now += kTicksPerSecond / 2;  // the client's patience
  }
  EXPECT_TRUE(one.acknowledge(have).empty());
  return passage;
}

// RFC 7440 leaves how a window leaves the sender to RFC 5405. Here a window is bounded by the
// policy: up to what the narrowest queue on the way holds nothing is lost, and a larger one costs
// time, but no byte.
TEST_P(RecoveryConformance, Rfc7440_7_AWindowWithinTheQueueOnTheWayLosesNothing) {
  constexpr std::size_t kQueue = 32;
  image.manifest().policy.max_window = kQueue;
  test::Server bounded;
  bounded.publish(&image.live());
  Phone one(bounded, kPhoneAddress);
  EXPECT_EQ(one.ask(kLongFile + "blksize|64|windowsize|64|"), "OACK blksize|64|windowsize|32|");
  const Passage passage = pass_queue(bounded, one, kQueue, 64);
  EXPECT_EQ(passage.content, long_text);
  EXPECT_EQ(passage.lost, 0U);
  EXPECT_EQ(bounded.count(Counter::kDataRetransmitted), 0U);
  EXPECT_EQ(bounded.count(Counter::kTransfersCompleted), 1U);
}

TEST_P(RecoveryConformance, Rfc7440_7_AWindowAboveTheQueueOnTheWayLosesAndRecovers) {
  for (const std::size_t queue : {1U, 7U, 32U, 63U}) {
    test::Server wide;
    wide.publish(&image.live());
    Phone one(wide, kPhoneAddress);
    EXPECT_EQ(one.ask(kLongFile + "blksize|64|windowsize|64|"), "OACK blksize|64|windowsize|64|");
    const Passage passage = pass_queue(wide, one, queue, 64);
    EXPECT_EQ(passage.content, long_text) << queue;
    EXPECT_GT(passage.lost, 0U) << queue;
    EXPECT_GT(wide.count(Counter::kDataRetransmitted), 0U) << queue;
    EXPECT_EQ(wide.count(Counter::kTransfersCompleted), 1U) << queue;
  }
}

// One packet of a transfer is lost, each in its turn; a client that is as patient as a phone.
TEST_P(RecoveryConformance, Rfc1350_13_AnyPacketMayBeLost) {
  for (int lost = 0; lost < 10; ++lost) {
    Phone one = phone();
    std::string content;
    std::uint16_t have = 0;
    int packet = 0;
    const auto arrives = [&] { return packet++ != lost; };
    std::vector<ReplyView> in;
    bool ended = false;
    const auto ask_again = [&] {
      if (arrives()) {
        const ReplyView first = one.request("two|octet|");
        in.push_back(first);
      }
    };
    ask_again();
    for (int turn = 0; turn < 100 && !ended; ++turn) {
      std::vector<ReplyView> now_in;
      now_in.swap(in);
      if (now_in.empty()) {
        server.now += 4 * kTicksPerSecond;
        for (const std::string& frame : server.run_timers()) {
          now_in.push_back(test::parse_reply(frame));
        }
        if (now_in.empty()) {
          ask_again();
        }
      }
      for (const ReplyView& data : now_in) {
        if (!arrives()) {
          continue;
        }
        if (data.number == have + 1) {
          content += data.body;
          ++have;
          ended = data.body.size() < 512;
        }
        if (arrives()) {
          for (const ReplyView& next : one.acknowledge(data.number)) {
            in.push_back(next);
          }
        }
      }
    }
    EXPECT_TRUE(ended) << lost;
    EXPECT_EQ(content, two) << lost;
  }
}

INSTANTIATE_TEST_SUITE_P(Policy, RecoveryConformance, test::both_policies(), test::name_of_policy);

}  // namespace
}  // namespace dialtone::server
