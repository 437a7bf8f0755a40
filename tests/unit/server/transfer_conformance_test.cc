// SPDX-License-Identifier: Apache-2.0
//
// Inside a transfer: cases T60 to T80 of docs/tftp-conformance.md.
#include "tests/unit/server/conformance.h"

namespace dialtone::server {
namespace {

using test::Conformance;
using test::kPhoneAddress;
using test::kTicksPerSecond;
using test::nul;
using test::Packet;
using test::Phone;
using test::ReplyView;
using test::told;

using TransferConformance = Conformance;

TEST_P(TransferConformance, T60_Rfc1123_1_ThreeAcksOfABlockBringTheNextOnce) {
  Phone one = open();
  EXPECT_EQ(one.blocks_for(1), "2");
  EXPECT_EQ(one.blocks_for(1), "");
  EXPECT_EQ(one.blocks_for(1), "");
  EXPECT_EQ(one.blocks_for(2), "3");
  EXPECT_EQ(server.count(Counter::kAcksDuplicate), 2U);
}

TEST_P(TransferConformance, T60_Rfc7440_6_AndSoDoTheyWithAWindowOfOne) {
  Phone one = open("windowsize|1|");
  EXPECT_EQ(one.blocks_for(0), "1");
  EXPECT_EQ(one.blocks_for(0), "");
  EXPECT_EQ(one.blocks_for(1), "2");
  EXPECT_EQ(one.blocks_for(1), "");
  EXPECT_EQ(one.blocks_for(2), "3");
}

TEST_P(TransferConformance, T61_Rfc1123_1_AnOldAckBringsNothing) {
  Phone one = open();
  EXPECT_EQ(one.blocks_for(1), "2");
  EXPECT_EQ(one.blocks_for(2), "3");
  EXPECT_EQ(one.blocks_for(1), "");
  EXPECT_EQ(one.blocks_for(0), "");
  EXPECT_EQ(one.blocks_for(3), "4");
}

TEST_P(TransferConformance, T62_Rfc1350_4_AnAckOfABlockNeverSentMovesNothing) {
  Phone one = open();
  for (std::uint16_t block = 1; block < 4; ++block) {
    one.blocks_for(block);
  }
  for (const std::uint16_t block : {5, 40, 32768, 65535}) {
    EXPECT_EQ(one.blocks_for(block), "") << block;
  }
  const auto next = one.acknowledge(4);
  ASSERT_EQ(next.size(), 1U);
  EXPECT_EQ(next[0].number, 5);
  EXPECT_EQ(next[0].body, long_text.substr(4 * 512, 512));
}

TEST_P(TransferConformance, T63_Rfc1350_7_AStrangerGetsError5AndHarmsNothing) {
  Phone one = open();
  Phone port = phone(50000);
  Phone address = phone();
  EXPECT_EQ(told(server.ask(port.packet().to_port(one.tid).ack(1))), "ERROR 5");
  EXPECT_EQ(told(server.ask(address.packet().to_port(one.tid).ack(1))), "ERROR 5");
  EXPECT_EQ(server.sessions(), 1U);
  EXPECT_EQ(one.blocks_for(1), "2");
  // Limited: a flood of them is no flood of answers.
  std::size_t answers = 0;
  for (std::uint16_t i = 0; i < 5000; ++i) {
    answers += server.send(Packet().from(kPhoneAddress, 1000 + i).to_port(one.tid).ack(1)) ? 1 : 0;
  }
  EXPECT_LE(answers, 64U);
}

TEST_P(TransferConformance, T64_Rfc1350_9_AnErrorOfAStrangerHasNoEffectAndNoAnswer) {
  Phone one = open();
  EXPECT_FALSE(server.send(phone().packet().to_port(one.tid).error(0, "x")));
  EXPECT_FALSE(server.send(phone(50000).packet().to_port(one.tid).error(5, "x")));
  EXPECT_EQ(server.count(DropReason::kErrorIgnored), 2U);
  EXPECT_EQ(one.blocks_for(1), "2");
}

TEST_P(TransferConformance, T65_Rfc1350_1_AnAckWithoutItsNumberIsDropped) {
  Phone one = open();
  EXPECT_EQ(one.blocks_for(1), "2");
  EXPECT_FALSE(server.send(one.to_transfer().payload(std::string("\0\4", 2))));
  EXPECT_FALSE(server.send(one.to_transfer().payload(std::string("\0\4\0", 3))));
  EXPECT_FALSE(server.send(one.to_transfer().payload("")));
  EXPECT_EQ(server.count(DropReason::kTftpShort), 3U);
  EXPECT_EQ(one.blocks_for(2), "3");
}

TEST_P(TransferConformance, T66_Rfc1350_1_NothingButAckAndErrorHasAPlaceInARead) {
  Phone one = open();
  for (const int opcode : {0, 1, 2, 3, 6, 99}) {
    EXPECT_FALSE(
        server.send(one.to_transfer().opcode(static_cast<std::uint16_t>(opcode), nul("a|octet|"))));
  }
  EXPECT_EQ(server.count(DropReason::kOpcode), 6U);
  EXPECT_EQ(one.blocks_for(1), "2");
}

TEST_P(TransferConformance, T67_Rfc1350_9_AnErrorOfTheClientEndsItSilently) {
  for (std::uint16_t code = 0; code < 9; ++code) {
    Phone one = open();
    EXPECT_FALSE(server.send(one.to_transfer().error(code, std::string(200, 'e')))) << code;
    EXPECT_EQ(server.sessions(), 0U);
    EXPECT_EQ(one.blocks_for(1), "") << "what comes late has no answer";
  }
  EXPECT_EQ(wait(60), "");
  EXPECT_EQ(server.count(Counter::kTransfersAborted), 9U);
}

TEST_P(TransferConformance, T69_Rfc2347_8_WithOptionsTheFirstPacketIsASmallOne) {
  const std::string text = kLongFile + "blksize|1428|tsize|0|windowsize|8|";
  Phone one = phone();
  const ReplyView oack = one.request(text);
  EXPECT_LE(oack.packet.size(), text.size() + 2) << "no more than was asked with";
  one.give_up();
}

TEST_P(TransferConformance, T71_Rfc1350_5_AWholeNumberOfBlocksEndsWithAnEmptyOne) {
  Phone one = phone();
  EXPECT_EQ(one.finish(one.request("two|octet|")), two);
  EXPECT_EQ(server.count(Counter::kDataSent), 3U);
  Phone other = phone();
  EXPECT_EQ(other.ask("empty|octet|"), "DATA 1 ");
  EXPECT_EQ(other.blocks_for(1), "");
  EXPECT_EQ(server.count(Counter::kTransfersCompleted), 2U);
}

TEST_P(TransferConformance, T72_Rfc1350_4_Behind65535ComesBlock0) {
  const std::string big = test::pattern(700'008);
  OtherFiles files(2 << 20);
  files.add("big", big).build();
  server.publish(&files.live());
  Phone one = phone();
  const ReplyView oack = one.request("big|octet|blksize|8|");
  EXPECT_EQ(told(oack), "OACK blksize|8|");
  EXPECT_TRUE(one.finish(oack, 8) == big);
  EXPECT_EQ(server.count(Counter::kDataSent), 87'502U);  // 87,501 of 8 bytes and an empty one
}

TEST_P(TransferConformance, T77_Rfc1350_12_Rfc1123_2_NetasciiIsTranslated) {
  const std::string edge(511, 'x');
  OtherFiles texts;
  texts.add("lf", "a\nb\n").add("cr", "a\rb\r").add("pairs", "a\r\n\r\nb");
  texts.add("edge-lf", edge + "\n").add("edge-cr", edge + "\r").build();
  server.publish(&texts.live());
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"lf", "a\r\nb\r\n"},
      {"cr", nul("a\r|b\r|")},
      {"pairs", nul("a\r|\r\n\r|\r\nb")},
      {"edge-lf", edge + "\r\n"},
      {"edge-cr", nul(edge + "\r|")}};
  for (const auto& [name, sent] : cases) {
    Phone one = phone();
    EXPECT_EQ(one.finish(one.request(name + "|netascii|")), sent) << name;
  }
}

TEST_P(TransferConformance, T78_Rfc1122_PortUnreachableEndsItAndAForgedOneDoesNot) {
  const std::string data = *server.send(Packet().rrq("two"));
  const auto icmp = [](const std::string& quoted) {
    std::string message = std::string("\3\3", 2) + std::string(6, '\0') + quoted.substr(14, 28);
    const auto sum = static_cast<std::uint16_t>(~test::plain_sum(message));
    message[2] = static_cast<char>(sum >> 8);
    message[3] = static_cast<char>(sum);
    return test::ip_frame(wire::kProtocolIcmp, message);
  };
  std::string forged = data;
  forged[35] = static_cast<char>(forged[35] ^ 1);  // our port
  EXPECT_FALSE(server.send(icmp(forged)));
  EXPECT_EQ(server.sessions(), 1U);
  EXPECT_FALSE(server.send(icmp(data)));
  EXPECT_EQ(server.sessions(), 0U);
}

TEST_P(TransferConformance, T79_AFileReplacedMeanwhileEndsWithItsOldBytes) {
  Phone one = phone();
  const ReplyView first = one.request("two|octet|");
  OtherFiles next(1 << 20, 2);
  next.add("two", std::string(1024, 'n')).build();
  server.publish(&next.live());
  EXPECT_EQ(one.finish(first), two);
  Phone other = phone();
  EXPECT_EQ(other.finish(other.request("two|octet|")), std::string(1024, 'n'));
}

TEST_P(TransferConformance, T80_Rfc7440_5_NothingOfAWriteGoesOnBehindItsRefusal) {
  Phone one = phone();
  EXPECT_EQ(one.ask("new|octet|windowsize|4|", 2), "ERROR 2");
  for (const std::uint16_t block : {2, 1, 1, 3}) {  // out of order, twice, with a hole
    const std::string number(1, static_cast<char>(block));
    EXPECT_FALSE(server.send(one.to_transfer().opcode(3, nul("|") + number + "x")));
  }
  EXPECT_FALSE(server.send(one.to_transfer().opcode(3, nul("|\1") + std::string(1400, 'x'))));
  EXPECT_EQ(server.sessions(), 0U);
  EXPECT_EQ(server.count(DropReason::kOpcode), 5U);
}

TEST_P(TransferConformance, Rfc1350_6_WithoutOptionsItIsLockStep) {
  Phone one = open();
  EXPECT_EQ(wait(0), "");
  for (std::uint16_t block = 1; block < 18; ++block) {
    EXPECT_EQ(one.blocks_for(block), std::to_string(block + 1));
  }
  EXPECT_EQ(one.blocks_for(18), "");
}

INSTANTIATE_TEST_SUITE_P(Policy, TransferConformance, test::both_policies(), test::name_of_policy);

}  // namespace
}  // namespace dialtone::server
