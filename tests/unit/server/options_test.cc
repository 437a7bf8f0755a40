// SPDX-License-Identifier: Apache-2.0
//
// Options through the responder: OACK, block sizes and windows, in the cases T40-T56 and T73-T76 of
// facts/tftp-state-of-the-art 3.
#include "tests/support/nul_text.h"
#include "tests/unit/server/harness.h"

#include <algorithm>

namespace dialtone::server {
namespace {

using test::kTicksPerSecond;
using test::nul;
using test::Packet;
using test::parse_reply;
using test::ReplyView;
using test::ServerTest;

constexpr std::uint16_t kOack = 6;
constexpr std::uint16_t kData = 3;
constexpr std::uint16_t kError = 5;

class ServerOptions : public ServerTest {
 protected:
  // What an RRQ for the long file with these options is answered.
  ReplyView ask(const std::string& options) {
    const ReplyView reply =
        server.ask(Packet().rrq("SEP001122334455.cnf.xml", "octet", nul(options)));
    tid = reply.source_port;
    return reply;
  }
  // The text of an OACK, behind its opcode.
  static std::string oack(const ReplyView& reply) {
    EXPECT_EQ(reply.fault, "");
    EXPECT_EQ(reply.opcode, kOack);
    std::string text = reply.packet.substr(2);
    std::replace(text.begin(), text.end(), '\0', '|');
    return text;
  }
  // What an ACK brings: the answer in its frame, then the rest of the window.
  std::vector<ReplyView> send_ack(std::uint16_t block) {
    std::vector<ReplyView> all;
    if (const auto reply = server.send(ack(tid, block))) {
      all.push_back(parse_reply(*reply));
    }
    const auto rest = server.unasked();
    all.insert(all.end(), rest.begin(), rest.end());
    return all;
  }

  std::uint16_t tid = 0;
};

TEST_F(ServerOptions, OackThenAck0ThenDataRfc2347) {
  EXPECT_EQ(oack(ask("blksize|1024|tsize|0|")), "blksize|1024|tsize|9000|");
  const auto data = send_ack(0);
  ASSERT_EQ(data.size(), 1U);
  EXPECT_EQ(data[0].opcode, kData);
  EXPECT_EQ(data[0].number, 1);
  EXPECT_EQ(data[0].body, long_text.substr(0, 1024));
}

TEST_F(ServerOptions, WithoutAnythingGrantedItIsPlainRfc2347) {
  EXPECT_EQ(ask("foo|bar|blksize|7|").opcode, kData);
  EXPECT_EQ(server.count(Counter::kOacksSent), 0U);
}

TEST_F(ServerOptions, AnOptionTwiceIsError8T38) {
  const ReplyView reply = ask("blksize|1024|blksize|512|");
  EXPECT_EQ(reply.opcode, kError);
  EXPECT_EQ(reply.number, 8);
  EXPECT_EQ(server.sessions(), 0U);
  EXPECT_EQ(server.count(Counter::kRequestsOptions), 1U);
}

TEST_F(ServerOptions, OackIsRepeatedWithBackoffThenGivenUpT55) {
  image.manifest().policy.first_copies = 2;
  ask("blksize|1024|timeout|30|");
  std::size_t copies = 0;
  for (int i = 0; i < 2000; ++i) {
    server.now += kTicksPerSecond / 100;
    for (const ReplyView& copy : server.unasked()) {
      EXPECT_EQ(copy.opcode, kOack);  // never DATA
      ++copies;
    }
  }
  // 1 s and 2 s: the 30 s are not agreed on until the client says so.
  EXPECT_EQ(copies, 2U);
  EXPECT_EQ(server.sessions(), 0U);
  EXPECT_EQ(server.count(Counter::kOacksSent), 3U);
}

TEST_F(ServerOptions, NothingButAck0MovesItT56) {
  ask("blksize|1024|");
  EXPECT_TRUE(send_ack(1).empty());
  EXPECT_EQ(server.count(Counter::kAcksFuture), 1U);
  EXPECT_EQ(send_ack(0).size(), 1U);
}

TEST_F(ServerOptions, Error8EndsItSilentlyT54) {
  ask("blksize|1024|");
  EXPECT_FALSE(server.send(Packet().to_port(tid).error(8, "no")));
  EXPECT_EQ(server.sessions(), 0U);
}

TEST_F(ServerOptions, ARepeatedRequestGetsTheSameOackFromTheSamePortT22) {
  const std::string first = oack(ask("blksize|1024|tsize|0|"));
  const std::uint16_t port = tid;
  EXPECT_EQ(oack(ask("blksize|1024|tsize|0|")), first);
  EXPECT_EQ(tid, port);
  EXPECT_EQ(server.sessions(), 1U);
  EXPECT_EQ(send_ack(0).size(), 1U);
}

TEST_F(ServerOptions, ALateCopyOfTheRequestDoesNotStopTheTransfer) {
  ask("blksize|1024|windowsize|2|");
  EXPECT_EQ(send_ack(0).size(), 2U);
  EXPECT_EQ(send_ack(2).size(), 2U);
  EXPECT_EQ(oack(ask("blksize|1024|windowsize|2|")), "blksize|1024|windowsize|2|");
  const auto data = send_ack(4);
  ASSERT_EQ(data.size(), 2U);
  EXPECT_EQ(data[0].number, 5);
  EXPECT_EQ(data[0].body, long_text.substr(4096, 1024));
}

TEST_F(ServerOptions, AnOackIsNoCopyOfData) {
  ask("blksize|1024|");
  send_ack(0);
  ask("blksize|1024|");
  EXPECT_EQ(server.count(Counter::kDataSent), 1U);
  EXPECT_EQ(server.count(Counter::kDataRetransmitted), 0U);
  ask("");
  EXPECT_EQ(server.count(Counter::kDataRetransmitted), 0U);  // none has gone out behind that OACK
  ask("");
  EXPECT_EQ(server.count(Counter::kDataRetransmitted), 1U);
}

TEST_F(ServerOptions, ALateCopyAndALostBlockDoNotEither) {
  ask("blksize|1024|");
  for (const std::uint16_t block : {0, 1, 2}) {
    send_ack(block);
  }
  ask("blksize|1024|");
  const auto data = send_ack(2);  // DATA 3 was lost
  ASSERT_EQ(data.size(), 1U);
  EXPECT_EQ(data[0].number, 3);
}

// Its numbers mean other bytes now.
TEST_F(ServerOptions, AnAckFromBeforeAnotherBlockSizeMovesNothing) {
  ask("blksize|8|");
  for (std::uint16_t block = 0; block < 100; ++block) {
    send_ack(block);
  }
  EXPECT_EQ(ask("").opcode, kData);
  EXPECT_TRUE(send_ack(100).empty());
  EXPECT_EQ(server.sessions(), 1U);
  EXPECT_EQ(send_ack(1)[0].body, long_text.substr(512, 512));
}

TEST_F(ServerOptions, APlainRequestForgetsTheAgreedTimeout) {
  ask("timeout|255|");
  send_ack(0);
  ask("");
  server.now += 2 * kTicksPerSecond;
  EXPECT_EQ(server.run_timers().size(), 1U);
}

TEST_F(ServerOptions, ARepeatedRequestIsAnsweredOnceEvenWithMoreToSend) {
  ask("windowsize|8|");
  server.send(ack(tid, 0));  // seven more are ready
  ask("windowsize|8|");
  EXPECT_TRUE(server.run_timers().empty());
}

TEST_F(ServerOptions, ALongTimeoutHoldsNoSessionForHours) {
  ask("timeout|255|");
  send_ack(0);
  std::size_t copies = 0;
  for (int i = 0; i < 600; ++i) {
    server.now += kTicksPerSecond;
    copies += server.run_timers().size();
  }
  EXPECT_EQ(copies, 1U);
  EXPECT_EQ(server.sessions(), 0U);
}

// The network doubled it, and the client is in the middle of the first window: it goes on.
TEST_F(ServerOptions, ARequestDoubledWithinTheFirstWindowLeavesItGood) {
  for (const char* options : {"windowsize|4|", "blksize|1024|"}) {
    ask(options);
    ASSERT_FALSE(send_ack(0).empty());
    ask(options);
    const auto data = send_ack(1);
    ASSERT_FALSE(data.empty()) << options;
    EXPECT_EQ(data[0].number, 2) << options;
    server.responder().end_all_sessions();
  }
}

TEST_F(ServerOptions, ARequestRepeatedWithoutOptionsIsPlain) {
  ask("blksize|1024|windowsize|4|");
  send_ack(0);
  const ReplyView reply = ask("");
  EXPECT_EQ(reply.opcode, kData);
  EXPECT_EQ(reply.body, long_text.substr(0, 512));
  EXPECT_EQ(send_ack(1).size(), 1U);
}

TEST_F(ServerOptions, TheAgreedTimeoutIsTheOneThatIsUsedRfc2349) {
  ask("timeout|5|");
  send_ack(0);
  server.now += 5 * kTicksPerSecond - 1;
  EXPECT_TRUE(server.run_timers().empty());
  server.now += 2 * kTicksPerSecond;
  EXPECT_EQ(server.run_timers().size(), 1U);
}

TEST_F(ServerOptions, MicrosecondsToo) {
  ask("utimeout|20000|");
  send_ack(0);
  server.now += kTicksPerSecond * 25 / 1000;
  EXPECT_EQ(server.run_timers().size(), 1U);
}

TEST_F(ServerOptions, FilesOfEachBlockSizeAreByteExactRfc2348) {
  for (const std::uint16_t size : {8, 511, 512, 900, 1024, 1428, 1468}) {
    ask("blksize|" + std::to_string(size) + "|");
    std::string content;
    for (std::uint16_t block = 0;; ++block) {
      const auto data = send_ack(block);
      if (data.empty()) {
        break;
      }
      ASSERT_EQ(data[0].fault, "") << size;
      content += data[0].body;
    }
    EXPECT_TRUE(content == long_text) << size;
    EXPECT_EQ(server.sessions(), 0U);
  }
}

TEST_F(ServerOptions, WindowsAreFilledT74T76Rfc7440) {
  const auto numbers = [](const std::vector<ReplyView>& replies) {
    std::string text;
    for (const ReplyView& reply : replies) {
      EXPECT_EQ(reply.fault, "");
      text += std::to_string(reply.number) + " ";
    }
    return text;
  };
  EXPECT_EQ(oack(ask("windowsize|4|")), "windowsize|4|");
  EXPECT_EQ(numbers(send_ack(0)), "1 2 3 4 ");
  EXPECT_EQ(numbers(send_ack(3)), "4 5 6 7 ");
  EXPECT_EQ(numbers(send_ack(3)), "");
  EXPECT_EQ(numbers(send_ack(7)), "8 9 10 11 ");
  EXPECT_EQ(numbers(send_ack(7)), "");
  EXPECT_EQ(numbers(send_ack(11)), "12 13 14 15 ");
  EXPECT_EQ(numbers(send_ack(15)), "16 17 18 ");
  EXPECT_EQ(numbers(send_ack(18)), "");
  EXPECT_EQ(server.sessions(), 0U);
}

TEST_F(ServerOptions, AWindowWaitsForNobody) {
  const auto open_window = [&](std::uint16_t port) {
    const ReplyView reply =
        server.ask(Packet()
                       .from(test::kPhoneAddress, port)
                       .rrq("SEP001122334455.cnf.xml", "octet", nul("windowsize|8|")));
    EXPECT_EQ(server.ask(ack(reply.source_port, 0, port)).number, 1);
  };
  open_window(1000);
  open_window(1001);
  const auto blocks = server.unasked();
  ASSERT_EQ(blocks.size(), 14U);
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    EXPECT_EQ(blocks[i].destination_port, 1000 + i % 2);  // in turn
  }
}

TEST_F(ServerOptions, ATransferThatEndsWhileItHasMoreToSendIsGone) {
  ask("windowsize|8|");
  server.send(ack(tid, 0));
  server.send(Packet().to_port(tid).error(0, "enough"));
  EXPECT_EQ(server.sessions(), 0U);
  EXPECT_TRUE(server.run_timers().empty());
}

TEST_F(ServerOptions, ALostWindowIsSentAgain) {
  ask("windowsize|4|");
  send_ack(0);
  server.now += 2 * kTicksPerSecond;
  EXPECT_EQ(server.run_timers().size(), 4U);
  EXPECT_EQ(server.count(Counter::kDataRetransmitted), 4U);
}

}  // namespace
}  // namespace dialtone::server
