// SPDX-License-Identifier: Apache-2.0
//
// Requests to port 69: cases T01 to T25 of docs/tftp-conformance.md.
#include "tests/unit/server/conformance.h"

#include <set>

namespace dialtone::server {
namespace {

using test::Conformance;
using test::kPhoneAddress;
using test::kServerAddress;
using test::kServerMac;
using test::kTicksPerSecond;
using test::Packet;
using test::Phone;
using test::Server;
using test::told;

using RequestConformance = Conformance;

TEST_P(RequestConformance, T01_Rfc1350_1_DatagramsTooShortForARequestAreDropped) {
  for (const std::string& bytes :
       {std::string(), std::string(1, '\0'), std::string("\0\1", 2), std::string("\0\1\0", 3)}) {
    EXPECT_FALSE(server.send(phone().packet().payload(bytes))) << bytes.size();
  }
  EXPECT_EQ(server.count(DropReason::kTftpShort), 4U);
}

TEST_P(RequestConformance, T02_Rfc1350_1_OtherOpcodesAreDropped) {
  for (const int opcode : {0, 3, 4, 6, 7, 9, 65535}) {
    EXPECT_EQ(answer("a|octet|", static_cast<std::uint16_t>(opcode)), "nothing") << opcode;
  }
  EXPECT_EQ(server.count(DropReason::kOpcode), 7U);
}

TEST_P(RequestConformance, T03_Rfc1350_9_AnErrorIsNeverAnswered) {
  for (std::uint16_t code = 0; code < 10; ++code) {
    EXPECT_FALSE(server.send(phone().packet().error(code, "x"))) << code;
  }
  EXPECT_EQ(server.count(DropReason::kErrorIgnored), 10U);
}

TEST_P(RequestConformance, T04_PortsAndAddressesOfALoopAreDropped) {
  for (const std::uint16_t port : {0, 7, 19, 69}) {
    EXPECT_EQ(phone(port).ask("a|octet|"), "nothing") << port;
  }
  EXPECT_EQ(server.count(DropReason::kBadSourcePort), 4U);
  for (const std::uint32_t address : {kServerAddress, 0U, 0x7f000001U, 0xe0000005U, 0xffffffffU}) {
    EXPECT_EQ(Phone(server, address).ask("a|octet|"), "nothing") << address;
  }
  EXPECT_EQ(server.count(DropReason::kBadSource), 5U);
}

TEST_P(RequestConformance, T05_Rfc1350_1_AModeWithoutItsNulIsError4) {
  EXPECT_EQ(answer("a|octet"), "ERROR 4");
}

TEST_P(RequestConformance, T06_Rfc1350_1_ARequestWithoutAModeIsError4) {
  EXPECT_EQ(answer("a|"), "ERROR 4");
  EXPECT_EQ(answer("name"), "ERROR 4");
}

TEST_P(RequestConformance, T07_Rfc1350_1_AnEmptyNameIsError1) {
  EXPECT_EQ(answer("|octet|"), "ERROR 1");
}

TEST_P(RequestConformance, T08_Rfc1350_2_Rfc1123_2_OctetAndNetasciiInAnyCase) {
  for (const char* mode : {"octet", "OcTeT", "OCTET", "netascii", "NetAscii", "NETASCII"}) {
    EXPECT_EQ(answer(std::string("a|") + mode + "|"), "DATA 1 hello") << mode;
  }
}

TEST_P(RequestConformance, T09_Rfc1350_2_Rfc1123_2_OtherModesAreError4) {
  for (const std::string& mode :
       {std::string("mail"), std::string("bogus"), std::string(), std::string("octets"),
        std::string("octe"), std::string(300, 'o')}) {
    EXPECT_EQ(answer("a|" + mode + "|"), "ERROR 4") << mode;
  }
}

TEST_P(RequestConformance, T10_Rfc2347_9_AStrayNulBehindTheModeIsAPlainRequest) {
  EXPECT_EQ(answer("a|octet||"), "DATA 1 hello");
  EXPECT_EQ(answer("a|octet||||"), "DATA 1 hello");
  EXPECT_EQ(server.count(Counter::kOacksSent), 0U);
}

TEST_P(RequestConformance, T11_Rfc1350_11_LongNamesAreError1) {
  for (const std::size_t length : {255U, 256U, 400U, 490U, 503U}) {
    EXPECT_EQ(answer(std::string(length, 'n') + "|octet|"), "ERROR 1") << length;
  }
}

TEST_P(RequestConformance, T12_Rfc2347_2_ARequestAbove512BytesIsError4) {
  const auto padded = [](std::size_t size) {  // a request of so many bytes with its opcode
    return "a|octet|x|" + std::string(size - 13, 'p') + "|";
  };
  EXPECT_EQ(answer(padded(512)), "DATA 1 hello");
  for (const std::size_t size : {513U, 600U, 1400U}) {
    EXPECT_EQ(answer(padded(size)), "ERROR 4") << size;
  }
}

TEST_P(RequestConformance, T13_Rfc791_WhereNothingIsJoinedFragmentsAreDropped) {
  for (const std::uint16_t field : {0x2000, 0x2003, 0x0003}) {
    EXPECT_FALSE(server.send(phone().packet().fragment(field).rrq("a"))) << field;
  }
  EXPECT_EQ(server.count(DropReason::kFragment), 3U);
}

TEST_P(RequestConformance, T14_Rfc1350_11_NamesThatLeadOutsideAreError1WithoutAPath) {
  for (const char* name : {"../../../x", "/x", "sub/../../x", "..\\..\\x", "....//x", "C:\\x", "..",
                           ".", "./a", "a/../a", "//a//", "a/.", "%2e%2e/a"}) {
    Phone one = phone();
    const auto reply = one.request(std::string(name) + "|octet|");
    EXPECT_EQ(told(reply), "ERROR 1") << name;
    EXPECT_EQ(reply.body, "File not found") << name;  // nothing of a path, or of the name
  }
  // The name ends at its NUL: what follows is the mode.
  EXPECT_EQ(answer("x|y|octet|"), "ERROR 4");
  EXPECT_EQ(answer("/a|octet|"), "DATA 1 hello") << "one leading slash is a spelling";
}

TEST_P(RequestConformance, T16_Rfc1350_11_FoldersAndDeviceNamesAreError1AtOnce) {
  for (const char* name : {"desktops", "desktops/", "CON", "NUL", "COM1", "/dev/zero"}) {
    EXPECT_EQ(answer(std::string(name) + "|octet|"), "ERROR 1") << name;
  }
}

TEST_P(RequestConformance, T17_Rfc1350_11_ASlashBehindAFileIsError1) {
  EXPECT_EQ(answer("a/|octet|"), "ERROR 1");
  EXPECT_EQ(answer("a\\|octet|"), "ERROR 1");
}

TEST_P(RequestConformance, T18_Rfc1350_11_NamesWithCodesOfAnyKindAreError1) {
  for (const std::string& name :
       {std::string("%n%s%x"), std::string("\x1b[2J"), std::string("a\r\nb"),
        std::string("<script>"), std::string("\xff\xfe\xc0\x80"), std::string("\x7f")}) {
    Phone one = phone();
    const auto reply = one.request(name + "|octet|");
    EXPECT_EQ(told(reply), "ERROR 1") << name;
    EXPECT_EQ(reply.body, "File not found") << "the name is not sent back";
  }
}

TEST_P(RequestConformance, T19_Rfc1350_11_NamesThatMeanSomethingInAUrlAreError1) {
  for (const char* name : {"a?x=1", "a#x", "user@host/a", "%2e%2e/a", "http://host/a", "a%00",
                           "a HTTP/1.1\r\nHost: x"}) {
    EXPECT_EQ(answer(std::string(name) + "|octet|"), "ERROR 1") << name;
  }
}

TEST_P(RequestConformance, T20_Rfc1350_11_AWriteIsError2AndNothingElse) {
  EXPECT_EQ(answer("a|octet|", 2), "ERROR 2");
  EXPECT_EQ(answer("new|octet|", 2), "ERROR 2");
  EXPECT_EQ(answer("new|netascii|blksize|1024|", 2), "ERROR 2") << "no OACK first";
  EXPECT_EQ(server.count(Counter::kRequestsWrite), 3U);
}

TEST_P(RequestConformance, T21_Rfc1123_5_BroadcastAndMulticastAreDropped) {
  const wire::MacAddress group{{1, 0, 0x5e, 0, 0, 9}};
  EXPECT_FALSE(server.send(phone().packet().to_mac(wire::kBroadcastMac).rrq("a")));
  EXPECT_FALSE(server.send(phone().packet().to_mac(group).rrq("a")));
  EXPECT_FALSE(server.send(phone().packet().to_address(0xffffffff).rrq("a")));
  EXPECT_FALSE(server.send(phone().packet().to_address(0xe0000045).rrq("a")));
  EXPECT_EQ(server.count(DropReason::kBroadcast), 4U);
  // That of a subnet is no address of ours, whatever its mask is.
  EXPECT_FALSE(server.send(phone().packet().to_address(kServerAddress | 0xffff).rrq("a")));
  EXPECT_EQ(server.count(Counter::kRequests), 0U);
}

TEST_P(RequestConformance, T22_Rfc1350_8_ARepeatedRequestIsOneSessionOnOnePort) {
  Phone one = phone();
  EXPECT_EQ(one.ask("two|octet|"), "DATA 1 512 bytes");
  const std::uint16_t tid = one.tid;
  server.now += 2 * kTicksPerSecond;
  EXPECT_EQ(one.ask("two|octet|"), "DATA 1 512 bytes");
  EXPECT_EQ(one.tid, tid);
  EXPECT_EQ(server.sessions(), 1U);
  EXPECT_EQ(server.count(Counter::kRequestsRepeated), 1U);
  // RFC 1350 lets a client end the second one by ERROR 5. There is none: an ERROR to another port
  // than the session's leaves it alone.
  const auto other = static_cast<std::uint16_t>(tid == 0xffff ? 0x8000 : tid + 1);
  EXPECT_FALSE(server.send(one.packet().to_port(other).error(5, "")));
  EXPECT_EQ(one.blocks_for(1), "2");
  EXPECT_EQ(one.blocks_for(2), "3");
  EXPECT_EQ(one.blocks_for(3), "");
  EXPECT_EQ(server.count(Counter::kTransfersCompleted), 1U);
}

TEST_P(RequestConformance, T23_AnotherFileFromThePortReplacesTheSession) {
  Phone one = phone();
  EXPECT_EQ(one.ask("two|octet|"), "DATA 1 512 bytes");
  EXPECT_EQ(one.ask("b|octet|"), "DATA 1 other");
  EXPECT_EQ(server.sessions(), 1U);
  EXPECT_EQ(server.count(Counter::kTransfersReplaced), 1U);
  EXPECT_EQ(one.blocks_for(1), "");
  EXPECT_EQ(server.count(Counter::kTransfersCompleted), 1U);
}

TEST_P(RequestConformance, T24_AHundredThousandSourcesFillNoMoreThanTheTable) {
  for (std::uint32_t i = 0; i < 100'000; ++i) {
    server.send(Packet().from(0x0b000000 + i, 4000).rrq("a"));
    ASSERT_LE(server.sessions(), 64U);
  }
  EXPECT_EQ(server.pinned(), server.sessions());
}

TEST_P(RequestConformance, T25_Rfc1350_13_WhoCannotBeReachedIsFreedByItsTimers) {
  Phone one = phone();
  EXPECT_EQ(one.ask("a|octet|"), "DATA 1 hello");
  std::size_t copies = 0;
  for (int second = 0; second < 300 && server.sessions() != 0; ++second) {
    server.now += kTicksPerSecond;
    copies += server.run_timers().size();
  }
  EXPECT_EQ(server.sessions(), 0U);
  EXPECT_LE(copies, image.manifest().policy.first_copies);
}

TEST_P(RequestConformance, Rfc1350_3_TransferPortsAreSpreadAndKeptByTheTransfer) {
  Server many({.max_sessions = 2000});
  many.publish(&image.live());
  std::set<std::uint16_t> ports;
  std::set<int> steps;
  std::uint16_t last = 0;
  for (std::uint16_t i = 0; i < 1000; ++i) {
    Phone one(many, kPhoneAddress + i);
    EXPECT_EQ(one.ask("SEP001122334455.cnf.xml|octet|"), "DATA 1 512 bytes");
    EXPECT_NE(one.tid, 69);
    ports.insert(one.tid);
    steps.insert(one.tid - last);
    last = one.tid;
    const auto next = one.acknowledge(1);
    ASSERT_EQ(next.size(), 1U);
    EXPECT_EQ(next[0].source_port, one.tid);
  }
  // A thousand draws of 32,768 ports meet some twice; a sequence would meet none, in equal steps.
  EXPECT_GT(ports.size(), 950U);
  EXPECT_GT(steps.size(), 900U);
  EXPECT_LT(*ports.begin(), 0x8000 + 0x400);
  EXPECT_GT(*ports.rbegin(), 0xffff - 0x400);
}

TEST_P(RequestConformance, Rfc1350_11_TheErrorCodesAreThoseOfTheirMeaning) {
  EXPECT_EQ(answer("nowhere|octet|"), "ERROR 1") << "file not found";
  EXPECT_EQ(answer("a|octet|", 2), "ERROR 2") << "access violation";
  EXPECT_EQ(answer("a|mail|"), "ERROR 4") << "illegal operation";
  EXPECT_EQ(answer("a|octet|blksize|8|blksize|8|"), "ERROR 8") << "RFC 2347";
  Phone one = phone();
  one.ask("two|octet|");
  const auto free_port = static_cast<std::uint16_t>(one.tid == 0xffff ? 0x8000 : one.tid + 1);
  EXPECT_EQ(told(server.ask(one.packet().to_port(free_port).ack(1))), "ERROR 5") << "unknown TID";
  one.give_up();
}

TEST_P(RequestConformance, Rfc1123_4_OnlyWhatIsPublishedIsServed) {
  EXPECT_EQ(answer("a|octet|"), "DATA 1 hello");
  EXPECT_EQ(answer("gone|octet|"), "ERROR 1");
  server.publish(nullptr);
  EXPECT_EQ(answer("a|octet|"), "nothing");
  EXPECT_EQ(server.count(DropReason::kNoImage), 1U);
}

TEST_P(RequestConformance, Rfc1123_6_Rfc1785_ExtensionsOfOthersHurtNobody) {
  EXPECT_EQ(answer("a|octet|x-vendor|1|multicast||"), "DATA 1 hello");
}

TEST_P(RequestConformance, Rfc768_AZeroChecksumIsNoneOverIpv4) {
  EXPECT_EQ(server.ask(phone().packet().no_udp_checksum().rrq("a")).body, "hello");
  EXPECT_FALSE(server.send(phone().packet().bad_udp_checksum().rrq("a")));
}

TEST_P(RequestConformance, Rfc8200_AZeroChecksumIsDroppedOverIpv6) {
  Server both({.addresses = {test::kServerAddress6}});
  both.publish(&image.live());
  both.addresses().set_state(0, AddressState::kUsable);
  EXPECT_FALSE(both.send(Packet().from_v6().no_udp_checksum().rrq("a")));
  EXPECT_EQ(both.count(DropReason::kUdpChecksum), 1U);
  EXPECT_EQ(both.ask(Packet().from_v6().rrq("a")).body, "hello");
}

INSTANTIATE_TEST_SUITE_P(Policy, RequestConformance, test::both_policies(), test::name_of_policy);

}  // namespace
}  // namespace dialtone::server
