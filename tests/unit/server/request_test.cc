// SPDX-License-Identifier: Apache-2.0
//
// Port 69: what each request gets.
#include "tests/support/nul_text.h"
#include "tests/unit/server/harness.h"

namespace dialtone::server {
namespace {

using test::kPhoneAddress;
using test::kPhoneMac;
using test::kServerAddress;
using test::kServerMac;
using test::nul;
using test::Packet;
using test::ReplyView;
using test::ServerTest;

using Request = ServerTest;

TEST_F(Request, ReadGetsData1FromATransferPortRfc1350) {
  const ReplyView reply = server.ask(Packet().from(kPhoneAddress, 50000).rrq("a"));
  ASSERT_EQ(reply.fault, "");
  EXPECT_EQ(reply.opcode, 3);
  EXPECT_EQ(reply.number, 1);
  EXPECT_EQ(reply.body, "hello");
  EXPECT_EQ(reply.source, IpAddress::from_v4(kServerAddress));
  EXPECT_EQ(reply.destination, IpAddress::from_v4(kPhoneAddress));
  EXPECT_EQ(reply.destination_port, 50000);
  EXPECT_GE(reply.source_port, 0x8000);
  EXPECT_EQ(reply.source_mac, kServerMac);
  EXPECT_EQ(reply.destination_mac, kPhoneMac);
  EXPECT_EQ(server.count(Counter::kRequestsProcessed), 1U);
  EXPECT_EQ(server.count(Counter::kHitsRing), 1U);
  EXPECT_EQ(server.pinned(), 1U);
}

TEST_F(Request, NamesAreCanonicalised) {
  for (const char* name :
       {"SEP001122334455.cnf.xml", "/sep001122334455.CNF.XML", "\\SEP001122334455.cnf.xml"}) {
    EXPECT_EQ(server.ask(Packet().rrq(name)).body, long_text.substr(0, 512)) << name;
  }
  EXPECT_EQ(server.count(Counter::kHitsDeviceConfig), 3U);
}

TEST_F(Request, ServedForms) {
  struct Case {
    const char* what;
    const char* text;
  };
  for (const Case& c : {Case{"mode in any case, T08", "a|OcTeT|"},
                        Case{"stray NUL of a year-2000 phone, T10", "a|octet||"},
                        Case{"unknown option ignored, RFC 2347", "a|octet|foo|1428|"},
                        Case{"cut option ignored, RFC 2347", "a|octet|blksize"}}) {
    const ReplyView reply = server.ask(Packet().opcode(1, nul(c.text)));
    EXPECT_EQ(reply.fault, "") << c.what;
    EXPECT_EQ(reply.opcode, 3) << c.what;
    EXPECT_EQ(reply.body, "hello") << c.what;
  }
}

TEST_F(Request, ErrorsAndTheirCounters) {
  struct Case {
    const char* what;
    std::uint16_t opcode;
    std::string text;
    std::uint16_t code;
    std::string_view error;
    Counter counter;
  };
  const std::string_view missing = "File not found";
  const std::string_view illegal = "Illegal TFTP operation";
  const std::string_view mode = "Only octet and netascii are served";
  const std::vector<Case> cases = {
      {"missing name", 1, "nosuch|octet|", 1, missing, Counter::kRequestsNotFound},
      {"missing MAC-shaped name", 1, "SEPFFFFFFFFFFFF.cnf.xml|octet|", 1, missing,
       Counter::kRequestsNotFound},
      {"known absent", 1, "gone|octet|", 1, missing, Counter::kRequestsNotFound},
      {"no last NUL, T05", 1, "f|octet", 4, illegal, Counter::kRequestsMalformed},
      {"no mode, T06", 1, "f|", 4, illegal, Counter::kRequestsMalformed},
      {"no NUL at all", 1, "ffff", 4, illegal, Counter::kRequestsMalformed},
      {"empty name, T07", 1, "|octet|", 1, missing, Counter::kRequestsName},
      {"mail, T09", 1, "a|mail|", 4, mode, Counter::kRequestsMode},
      {"bogus mode, T09", 1, "a|bogus|", 4, mode, Counter::kRequestsMode},
      {"mode of 300 letters, T09", 1, "a|" + std::string(300, 'o') + "|", 4, mode,
       Counter::kRequestsMode},
      {"name of 400, T11", 1, std::string(400, 'n') + "|octet|", 1, missing,
       Counter::kRequestsName},
      {"name of 490, T11", 1, std::string(490, 'n') + "|octet|", 1, missing,
       Counter::kRequestsName},
      {"request of 600, T12", 1, "a|octet|" + std::string(590, 'k') + "|", 4, illegal,
       Counter::kRequestsMalformed},
      {"request of 1,400, T12", 1, "a|octet|" + std::string(1390, 'k') + "|", 4, illegal,
       Counter::kRequestsMalformed},
      {"traversal, T14", 1, "../../../x|octet|", 1, missing, Counter::kRequestsName},
      {"traversal within, T14", 1, "sub/../../a|octet|", 1, missing, Counter::kRequestsName},
      {"traversal with backslashes, T14", 1, "..\\..\\a|octet|", 1, missing,
       Counter::kRequestsName},
      {"dots, T14", 1, "....//a|octet|", 1, missing, Counter::kRequestsName},
      {"drive, T14", 1, "C:\\a|octet|", 1, missing, Counter::kRequestsNotFound},
      {"NUL in the name, T14", 1, "a|b|octet|", 4, mode, Counter::kRequestsMode},
      {"device name, T16", 1, "CON|octet|", 1, missing, Counter::kRequestsNotFound},
      {"slash behind a file, T17", 1, "a/|octet|", 1, missing, Counter::kRequestsName},
      {"format codes, T18", 1, "%n%s%x|octet|", 1, missing, Counter::kRequestsNotFound},
      {"control bytes, T18", 1, "a\r\nb|octet|", 1, missing, Counter::kRequestsName},
      {"not UTF-8, T18", 1, "\xff\xfe|octet|", 1, missing, Counter::kRequestsNotFound},
      {"write, T20", 2, "a|octet|", 2, "Access violation: this server is read-only",
       Counter::kRequestsWrite},
      {"composed", 1, "composed|octet|", 0, "This server version cannot compose this file",
       Counter::kRequestsComposed},
  };
  for (const Case& c : cases) {
    const std::uint64_t before = server.count(c.counter);
    const std::uint64_t sent = server.count(errors_sent(c.code));
    const ReplyView reply = server.ask(Packet().opcode(c.opcode, nul(c.text)));
    EXPECT_EQ(reply.fault, "") << c.what;
    EXPECT_EQ(reply.opcode, 5) << c.what;
    EXPECT_EQ(reply.number, c.code) << c.what;
    EXPECT_EQ(reply.body, c.error) << c.what;
    EXPECT_EQ(server.count(c.counter), before + 1) << c.what;
    EXPECT_EQ(server.count(errors_sent(c.code)), sent + 1) << c.what;
    EXPECT_EQ(server.sessions(), 0U) << c.what;
    EXPECT_EQ(server.ask(Packet().rrq("a")).body, "hello") << c.what;
    server.responder().end_all_sessions();
  }
}

TEST_F(Request, FoundAndNotFoundAreCountedByTheClassOfTheName) {
  server.ask(Packet().rrq("SEP001122334455.cnf.xml"));
  server.ask(Packet().rrq("SEP665544332211.cnf.xml"));
  server.ask(Packet().rrq("CTLSEP001122334455.tlv"));
  server.ask(Packet().rrq("gk001122334455"));
  server.ask(Packet().rrq("a"));
  server.ask(Packet().rrq("../a"));  // no canonical form, so of no class
  EXPECT_EQ(server.count(Counter::kFoundPhone), 1U);
  EXPECT_EQ(server.count(Counter::kNotFoundPhone), 1U);
  EXPECT_EQ(server.count(Counter::kNotFoundTrust), 1U);
  EXPECT_EQ(server.count(Counter::kNotFoundGk), 1U);
  EXPECT_EQ(server.count(Counter::kFoundOther), 1U);
  EXPECT_EQ(server.count(Counter::kNotFoundOther), 0U);
}

TEST_F(Request, NoOtherOpcodeIsEverAnsweredT02T03) {
  for (const int opcode : {0, 3, 4, 6, 7, 9, 65535}) {
    EXPECT_FALSE(server.send(Packet().opcode(static_cast<std::uint16_t>(opcode), "xx"))) << opcode;
  }
  EXPECT_EQ(server.count(DropReason::kOpcode), 7U);
  EXPECT_FALSE(server.send(Packet().error(0, "x")));
  EXPECT_EQ(server.count(DropReason::kErrorIgnored), 1U);
}

TEST_F(Request, RepeatedRequestKeepsItsSessionT22) {
  const std::uint16_t tid = open("two");
  const ReplyView again = server.ask(Packet().rrq("two"));
  EXPECT_EQ(again.source_port, tid);
  EXPECT_EQ(again.number, 1);
  EXPECT_EQ(again.body, two.substr(0, 512));
  EXPECT_EQ(server.sessions(), 1U);
  EXPECT_EQ(server.count(Counter::kRequestsRepeated), 1U);
  EXPECT_EQ(server.count(Counter::kDataRetransmitted), 1U);
}

TEST_F(Request, RepeatedRequestInOneBurstKeepsItsSessionT22) {
  const std::string rrq = Packet().rrq("two").bytes();
  const auto replies = server.send_burst({rrq, rrq, rrq});
  for (const auto& reply : replies) {
    ASSERT_TRUE(reply);
    EXPECT_EQ(test::parse_reply(*reply).number, 1);
  }
  EXPECT_EQ(server.sessions(), 1U);
}

TEST_F(Request, AResetPhoneBeginsAgainOnItsOldPort) {
  const std::uint16_t tid = open("two");
  EXPECT_EQ(server.ask(ack(tid, 1)).number, 2);
  const ReplyView again = server.ask(Packet().rrq("two"));
  EXPECT_EQ(again.source_port, tid);
  EXPECT_EQ(again.number, 1);
  EXPECT_EQ(server.ask(ack(tid, 1)).number, 2);
  EXPECT_EQ(server.sessions(), 1U);
}

TEST_F(Request, AnotherFileReplacesTheSessionT23) {
  const std::uint16_t tid = open("two");
  const ReplyView other = server.ask(Packet().rrq("b"));
  EXPECT_EQ(other.body, "other");
  EXPECT_EQ(other.source_port, tid);
  EXPECT_EQ(server.sessions(), 1U);
  EXPECT_EQ(server.pinned(), 1U);
  EXPECT_EQ(server.ask(Packet().rrq("nosuch")).number, 1);
  EXPECT_EQ(server.sessions(), 0U);
  EXPECT_EQ(server.count(Counter::kTransfersReplaced), 2U);
}

TEST_F(Request, ARefusedRequestEndsTheTransferBeforeIt) {
  const std::vector<Packet> refused = {
      Packet().rrq("nosuch"), Packet().rrq("composed"),         Packet().rrq("a", "mail"),
      Packet().wrq("a"),      Packet().opcode(1, nul("a|oct")),
  };
  for (std::size_t i = 0; i < refused.size(); ++i) {
    const std::uint16_t tid = open("two");
    const ReplyView reply = server.ask(refused[i]);
    EXPECT_EQ(reply.opcode, 5) << i;
    EXPECT_EQ(reply.source_port, tid) << i;
    // Else DATA of the old file would follow the ERROR from the same TID.
    EXPECT_EQ(server.sessions(), 0U) << i;
    server.now += test::kTicksPerSecond;
    EXPECT_TRUE(server.run_timers().empty()) << i;
    server.responder().end_all_sessions();
  }
}

TEST_F(Request, ErrorCodesComeFromThePolicy) {
  test::TestImage custom;
  custom.policy().not_found = {0, "No such thing"};
  custom.add("a", "x").build();
  server.publish(&custom.live());
  const ReplyView reply = server.ask(Packet().rrq("nosuch"));
  EXPECT_EQ(reply.number, 0);
  EXPECT_EQ(reply.body, "No such thing");
  EXPECT_EQ(server.count(Counter::kErrors0), 1U);
}

TEST_F(Request, PolicyLimitsSessions) {
  test::TestImage custom;
  custom.policy().max_sessions = 1;
  custom.add("a", "x").build();
  test::Server limited;
  limited.publish(&custom.live());
  EXPECT_TRUE(limited.send(Packet().from(kPhoneAddress, 1001).rrq("a")));
  EXPECT_FALSE(limited.send(Packet().from(kPhoneAddress, 1002).rrq("a")));
  EXPECT_EQ(limited.sessions(), 1U);
  EXPECT_EQ(limited.count(Counter::kParkedNow), 1U);
}

// The date of a publish is taken by another thread, and a turn may have begun before it.
TEST_F(Request, APublishWithinTheTurnRebuildsNothing) {
  image.publish_at(server.now + 1);
  EXPECT_EQ(server.ask(Packet().rrq("a")).body, "hello");
  EXPECT_EQ(server.count(Counter::kRequestsRebuilding), 0U);
}

TEST_F(Request, SpoofedSourcesAreBoundedAndEndByTimersT24T25) {
  for (std::uint32_t i = 0; i < 5000; ++i) {
    server.send(Packet().from(0x0b000000 + i, 4000).rrq("a"));
  }
  EXPECT_EQ(server.sessions(), 64U);
  EXPECT_EQ(server.pinned(), 64U);
  EXPECT_EQ(server.count(Counter::kParkedNow), 32U);
  EXPECT_EQ(server.count(DropReason::kSessionsExhausted), 5000U - 64 - 32);
  for (int i = 0; i < 400; ++i) {
    server.now += test::kTicksPerSecond / 4;
    server.run_timers();
  }
  EXPECT_EQ(server.sessions(), 0U);
  EXPECT_EQ(server.count(Counter::kTransfersTimedOut), 64U);
  EXPECT_EQ(server.ask(Packet().rrq("a")).body, "hello");
}

}  // namespace
}  // namespace dialtone::server
