// SPDX-License-Identifier: Apache-2.0
//
// Scenarios of docs/tftp-conformance.md in which somebody means no good, or asks for too much.
#include "control/image/policy.h"
#include "dataplane/tftp/session.h"
#include "tests/unit/server/conformance.h"

#include <cstdlib>
#include <random>

namespace dialtone::server {
namespace {

using test::Conformance;
using test::kPhoneAddress;
using test::kServerAddress;
using test::kTicksPerSecond;
using test::nul;
using test::Packet;
using test::parse_reply;
using test::Phone;
using test::ReplyView;
using test::Server;
using test::told;

using FloodScenario = Conformance;

TEST_P(FloodScenario, S06_ALoadIsReplacedThenRemovedMidDownload) {
  const std::string old_load = test::pattern(200'000);
  OtherFiles first(1 << 20);
  first.add("load.sbn", old_load).build();
  server.publish(&first.live());
  Phone before = phone();
  const ReplyView begun = before.request("load.sbn|octet|");
  OtherFiles second(1 << 20, 2);
  const std::string new_load(200'000, 'n');
  second.add("load.sbn", new_load).build();
  server.publish(&second.live());
  Phone between = phone();
  const ReplyView begun_new = between.request("load.sbn|octet|");
  server.publish(&image.live());  // it is not there any more
  EXPECT_EQ(answer_while("load.sbn|octet|"), "ERROR 1");
  EXPECT_TRUE(before.finish(begun) == old_load);
  EXPECT_TRUE(between.finish(begun_new) == new_load);
}

TEST_P(FloodScenario, S08_EachAckComesFiftyTimes) {
  Phone one = phone();
  one.ask(kLongFile);
  for (std::uint16_t block = 1; block <= 18; ++block) {
    const std::uint64_t before = server.count(Counter::kDataSent);
    for (int i = 0; i < 5; ++i) {
      server.send_burst(std::vector<std::string>(10, one.to_transfer().ack(block).bytes()));
    }
    EXPECT_EQ(server.count(Counter::kDataSent), before + (block < 18 ? 1 : 0)) << block;
  }
  EXPECT_EQ(server.count(Counter::kTransfersCompleted), 1U);
}

// ACKs of the future and the past, short ones and those of strangers among those of a client.
TEST_P(FloodScenario, S09_BadAcksAmongGoodOnesChangeNoByte) {
  std::mt19937 random(9);
  for (const std::uint16_t window : {1, 8}) {
    Phone one = phone();
    Phone stranger = phone();
    std::string content;
    ReplyView first = one.request(kLongFile + "windowsize|" + std::to_string(window) + "|");
    std::uint16_t have = 0;
    auto data = one.acknowledge(0);
    while (!data.empty()) {
      for (const ReplyView& block : data) {
        if (block.number == have + 1) {
          content += block.body;
          ++have;
        }
      }
      for (int i = 0; i < 100; ++i) {
        const auto bad = static_cast<std::uint16_t>(have + 100 + random() % 30'000);
        const auto old = static_cast<std::uint16_t>(have - 1 - window - random() % 100);
        EXPECT_FALSE(server.send(one.to_transfer().ack(i % 2 == 0 ? bad : old)));
        EXPECT_FALSE(server.send(one.to_transfer().payload(std::string("\0\4\0", 3))));
        server.send(stranger.packet().to_port(one.tid).ack(have));
      }
      data = one.acknowledge(have);
    }
    EXPECT_EQ(content, long_text) << window;
  }
  EXPECT_EQ(server.count(Counter::kTransfersCompleted), 2U);
  EXPECT_EQ(server.count(Counter::kDataRetransmitted), 0U);
}

// With the limits of the product. In virtual time: an answer in the burst of its request is as
// early as without a flood.
TEST_P(FloodScenario, S17_PhonesAreServedBesideForgedRequests) {
  constexpr std::uint32_t kForged = 40'000;
  constexpr std::uint32_t kPhones = 40;
  image.manifest().policy = image_build::default_policy();
  Server flooded({.max_sessions = 65'536});
  flooded.publish(&image.live());
  const auto fetch = [&](std::uint32_t address) {
    Phone real(flooded, address);
    EXPECT_TRUE(real.finish(real.request(kLongFile)) == long_text) << address;
  };
  for (std::uint32_t i = 0; i < kPhones; ++i) {
    fetch(kPhoneAddress + (i << 8));
  }
  std::size_t packets = 0;
  for (std::uint32_t i = 0; i < kForged; ++i) {
    packets +=
        flooded.send(Packet().from(0x0b000000 + i * 257, 4000).rrq("sep001122334455.cnf.xml")) ? 1
                                                                                               : 0;
    flooded.now += kTicksPerSecond / 10'000;
    packets += flooded.run_timers().size();
    if (i % (kForged / kPhones) == 0) {
      const std::uint32_t subnet = i / (kForged / kPhones) << 8;
      fetch(kPhoneAddress + subnet);      // one that is proven
      fetch(kPhoneAddress + subnet + 1);  // a new one beside it
    }
  }
  EXPECT_GT(flooded.count(DropReason::kUnprovenBytes), kForged / 2) << "no attack was seen";
  for (int tick = 0; tick < 2000; ++tick) {
    flooded.now += kTicksPerSecond / 100;
    packets += flooded.run_timers().size();
  }
  EXPECT_LE(packets, 2U * kForged);
  EXPECT_EQ(flooded.sessions(), 0U);
  EXPECT_EQ(flooded.count(DropReason::kSessionsExhausted), 0U);
}

// What two servers that answer what is no request would send each other for ever (CVE-2024-2169).
TEST_P(FloodScenario, S18_TwoServersFeedEachOtherWithNothing) {
  constexpr std::uint32_t kPeerAddress = kServerAddress + 7;
  Server peer({.addresses = {IpAddress::from_v4(kPeerAddress)}});
  peer.publish(&image.live());
  for (const std::uint16_t from : {69, 0x8000, 40'000, 0xffff}) {
    for (const std::uint16_t to : {69, 0x8000, 40'000, 0xffff}) {
      for (std::uint16_t code = 0; code < 9; ++code) {
        EXPECT_FALSE(
            server.send(Packet().from(kPeerAddress, from).to_port(to).error(code, "loop")));
        EXPECT_FALSE(peer.send(Packet()
                                   .from(kServerAddress, from)
                                   .to_address(kPeerAddress)
                                   .to_port(to)
                                   .error(code, "loop")));
      }
    }
  }
  // A request that is forged to come from the other one's transfer port has one answer, and that
  // has none.
  const auto data = server.send(Packet().from(kPeerAddress, 0x8001).rrq("two"));
  ASSERT_TRUE(data);
  const ReplyView view = parse_reply(*data);
  EXPECT_FALSE(peer.send(Packet()
                             .from(kServerAddress, view.source_port)
                             .to_address(kPeerAddress)
                             .to_port(view.destination_port)
                             .payload(view.packet)));
  server.responder().end_all_sessions();
}

// Requests and what belongs into a transfer, changed at random: no answer but a sound one, and none
// to what is no request. DIALTONE_FUZZ_ROUNDS gives the number.
TEST_P(FloodScenario, S19_ChangedPacketsGetSoundAnswersOrNone) {
  const char* rounds_text = std::getenv("DIALTONE_FUZZ_ROUNDS");
  const int rounds = rounds_text == nullptr ? 20'000 : std::atoi(rounds_text);
  std::mt19937 random(19);
  const std::vector<std::string> seeds = {
      nul("|\1a|octet|"),
      nul("|\1two|netascii|blksize|100|tsize|0|timeout|3|windowsize|8|"),
      nul("|\1sep001122334455.cnf.xml|octet|blksize2|1400|rollover|1|utimeout|100000|"),
      nul("|\2x|octet|tsize|1|"),
      nul("|\4|\1"),
      nul("|\5|\1gone|"),
      nul("|\3|\1data")};
  Phone one = phone();
  for (int i = 0; i < rounds; ++i) {
    std::string bytes = seeds[random() % seeds.size()];
    for (std::uint32_t change = random() % 4; change > 0; --change) {
      const std::size_t at = random() % (bytes.size() + 1);
      switch (random() % 4) {
        case 0:
          bytes.resize(at);
          break;
        case 1:
          bytes.insert(at, 1 + random() % 40, static_cast<char>(random()));
          break;
        default:
          bytes[at % bytes.size()] = static_cast<char>(random());
      }
      if (bytes.empty()) {
        bytes.push_back('\0');
      }
    }
    Packet packet = i % 3 == 0 ? one.to_transfer() : phone().packet();
    std::string frame = packet.payload(bytes).bytes();
    if (random() % 8 == 0) {
      frame[random() % frame.size()] ^= static_cast<char>(1 << random() % 8);
    }
    if (const auto reply = server.send(frame)) {
      const ReplyView view = parse_reply(*reply);
      ASSERT_EQ(view.fault, "") << i;
      if (view.source_port != 69 && view.opcode != 5) {
        one.tid = view.source_port;
      }
      ASSERT_TRUE(view.opcode == 3 || view.opcode == 5 || view.opcode == 6) << i;
    }
    if (i % 50 == 0) {
      server.now += kTicksPerSecond;
      server.unasked();
      ASSERT_FALSE(HasFailure()) << i;
      server.responder().end_all_sessions();
    }
  }
}

TEST_P(FloodScenario, S21_HugeWindowsKeepNobodyWaiting) {
  constexpr std::uint32_t kGreedy = 1000;
  constexpr std::uint32_t kBlock = 1468;
  OtherFiles files;
  const std::uint32_t most = files.policy().max_window_bytes;
  files.add("large", test::pattern(most + 2 * kBlock)).add("two", two).build();
  Server busy({.max_sessions = 2048});
  busy.publish(&files.live());
  for (std::uint32_t i = 0; i < kGreedy; ++i) {
    Phone greedy(busy, kPhoneAddress + 1000 + i);
    EXPECT_EQ(greedy.ask("large|octet|windowsize|65535|blksize|65464|"),
              "OACK blksize|1468|windowsize|44|");
    busy.send(greedy.to_transfer().ack(0));  // the rest of its window is ready now
  }
  // A small one is answered in its own burst, whatever waits.
  Phone small(busy, kPhoneAddress);
  ReplyView data = small.request("two|octet|");
  for (std::uint16_t block = 1; block < 3; ++block) {
    ASSERT_EQ(data.number, block);
    data = busy.ask(small.to_transfer().ack(block));
  }
  EXPECT_FALSE(busy.send(small.to_transfer().ack(3)));
  std::size_t blocks = kGreedy;
  while (const std::size_t sent = busy.run_timers().size()) {
    blocks += sent;
  }
  // As much as is in flight without an ACK; the file has two blocks more than that.
  EXPECT_EQ(blocks, kGreedy * std::size_t{most / kBlock});
}

// DIALTONE_HALF_OPEN gives the number, 1000000 at full size. The limits let no more through than
// they say; a new phone is served by either policy.
TEST_P(FloodScenario, S22_HalfOpenTransfersCostTheirSessionAndNothingElse) {
  const char* text = std::getenv("DIALTONE_HALF_OPEN");
  const auto count = static_cast<std::uint32_t>(text == nullptr ? 50'000 : std::atoi(text));
  static_assert(sizeof(dialtone::tftp::Session) <= 256);
  Server many({.max_sessions = count + 1});
  many.publish(&image.live());
  std::uint32_t answered = 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    answered += many.send(Packet().from(0x0b000000 + i, 4000).rrq("two")) ? 1 : 0;
  }
  if (has_limits()) {
    EXPECT_LE(answered, image.manifest().policy.unproven_bytes / 512);
    EXPECT_EQ(many.count(DropReason::kUnprovenBytes) + many.count(DropReason::kUnanswered),
              count - answered);
  } else {
    EXPECT_EQ(answered, count);
  }
  EXPECT_EQ(many.sessions(), answered);
  EXPECT_EQ(many.pinned(), answered);
  Phone fresh(many, kPhoneAddress);
  EXPECT_EQ(fresh.ask("a|octet|"), "DATA 1 hello");
  EXPECT_EQ(fresh.blocks_for(1), "");
  EXPECT_EQ(many.count(DropReason::kSessionsExhausted), 0U);
}

INSTANTIATE_TEST_SUITE_P(Policy, FloodScenario, test::both_policies(), test::name_of_policy);

}  // namespace
}  // namespace dialtone::server
