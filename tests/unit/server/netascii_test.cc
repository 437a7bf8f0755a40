// SPDX-License-Identifier: Apache-2.0
//
// Netascii through the responder: a client's view (RFC 1350, RFC 1123 4.2.2.1; T08, T45, T77).
#include "tests/support/nul_text.h"
#include "tests/unit/server/harness.h"

namespace dialtone::server {
namespace {

using test::nul;
using test::Packet;
using test::ReplyView;
using test::ServerTest;

class ServerNetascii : public ServerTest {
 protected:
  ServerNetascii() {
    for (int line = 0; line < 200; ++line) {
      text += "line " + std::to_string(line) + (line % 7 == 0 ? "\r\n" : "\n");
      sent += "line " + std::to_string(line) + (line % 7 == 0 ? nul("\r|\r\n") : "\r\n");
    }
    texts.add("text", text).build();
    server.publish(&texts.live());
  }

  // Goes on from the first DATA to the end; every third ACK is lost once.
  std::string finish(ReplyView data) {
    std::string content;
    for (std::uint16_t block = 1;; ++block) {
      EXPECT_EQ(data.fault, "");
      EXPECT_EQ(data.number, block);
      content += data.body;
      if (block % 3 == 0) {
        server.now += 2 * test::kTicksPerSecond;
        const auto copies = server.run_timers();
        EXPECT_EQ(copies.size(), 1U);
        EXPECT_EQ(test::parse_reply(copies.at(0)).packet, data.packet);
      }
      const auto next = server.send(ack(data.source_port, block));
      if (!next) {
        return content;
      }
      data = test::parse_reply(*next);
    }
  }

  std::string text;
  std::string sent;
  test::TestImage texts;
};

TEST_F(ServerNetascii, AFileArrivesTranslatedThroughLossT77) {
  EXPECT_EQ(finish(server.ask(Packet().rrq("text", "NetAscii"))), sent);
  EXPECT_EQ(server.count(Counter::kTransfersCompleted), 1U);
  EXPECT_EQ(server.count(Counter::kRequestsNetascii), 1U);
  EXPECT_EQ(finish(server.ask(Packet().rrq("text"))), text);
}

TEST_F(ServerNetascii, SizeAndWindowAreLeftOutT45Rfc2349) {
  const ReplyView oack =
      server.ask(Packet().rrq("text", "netascii", nul("tsize|0|windowsize|8|blksize|100|")));
  EXPECT_EQ(oack.packet, nul("|\6blksize|100|"));
  EXPECT_EQ(finish(server.ask(ack(oack.source_port, 0))), sent);
}

TEST_F(ServerNetascii, ARepeatedRequestBeginsAgain) {
  const ReplyView first = server.ask(Packet().rrq("text", "netascii"));
  server.ask(ack(first.source_port, 1));
  EXPECT_EQ(finish(server.ask(Packet().rrq("text", "netascii"))), sent);
  EXPECT_EQ(server.count(Counter::kTransfersStarted), 1U);
}

TEST_F(ServerNetascii, TheOtherModeIsAnotherTransfer) {
  server.ask(Packet().rrq("text", "netascii"));
  EXPECT_EQ(finish(server.ask(Packet().rrq("text"))), text);
  EXPECT_EQ(server.count(Counter::kTransfersReplaced), 1U);
}

}  // namespace
}  // namespace dialtone::server
