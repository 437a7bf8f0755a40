// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/dns/client.h"
#include "bench/emu/dns/name.h"
#include "tests/support/packet_builder.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace dialtone::emu {
namespace {

using namespace std::string_literals;

constexpr Micros kSecond = 1'000'000;
const IpAddress kFirst = IpAddress::from_v4(0x0a4d0003);
const IpAddress kSecondServer = IpAddress::from_v4(0x0a4d0004);

std::span<const std::byte> bytes(const std::string& text) {
  return std::as_bytes(std::span(text));
}

const std::string kQuestion =
    "\x04tftp\x07"
    "example\0\0\1\0\1"s;

// An answer to question `id`, with records behind the question.
std::string answer(std::uint16_t id, const std::string& records, char count, char error = 0) {
  return std::string{static_cast<char>(id >> 8), static_cast<char>(id)} + "\x81"s +
         std::string(1, static_cast<char>(0x80 | error)) + "\0\1\0"s + std::string(1, count) +
         "\0\0\0\0"s + kQuestion + records;
}

const std::string kAlias = "\xc0\x0c\0\5\0\1\0\0\0\x3c\0\4\1a\xc0\x11"s;
const std::string kAddress = "\1a\xc0\x11\0\1\0\1\0\0\0\x3c\0\4\x0a\x4d\0\1"s;

TEST(DnsMessage, AQuestionIsAsRfc1035HasIt) {
  const auto query = write_dns_query(0x1234, "tftp.example.", DnsType::kA);
  const std::string text(reinterpret_cast<const char*>(query.data()), query.size());
  EXPECT_EQ(text, "\x12\x34\1\0\0\1\0\0\0\0\0\0"s + kQuestion);
  for (const std::string& wrong :
       {""s, "."s, "a..b"s, std::string(64, 'x'), std::string(300, 'x')}) {
    EXPECT_TRUE(write_dns_query(1, wrong, DnsType::kA).empty()) << wrong;
  }
}

TEST(DnsMessage, AnAddressBehindAnAliasIsFound) {
  const auto got = parse_dns_answer(bytes(answer(7, kAlias + kAddress, 2)));
  ASSERT_TRUE(got);
  EXPECT_EQ(got->id, 7);
  EXPECT_EQ(got->name, "tftp.example");
  EXPECT_TRUE(got->is_final);
  EXPECT_EQ(got->addresses, std::vector{IpAddress::from_v4(0x0a4d0001)});
}

TEST(DnsName, EndsWithAZeroOrElsewhere) {
  const std::string label(63, 'x');
  const std::pair<std::string, NameEnd> names[] = {{"\4tftp\7example\0rest"s, NameEnd::kWhole},
                                                   {"\4tftp\xc0\x0crest"s, NameEnd::kPointer},
                                                   {"\0rest"s, NameEnd::kWhole},
                                                   {"\4tft"s, NameEnd::kBroken},
                                                   {"\4tftp"s, NameEnd::kBroken},
                                                   {""s, NameEnd::kBroken},
                                                   {"\x3f"s + label + "\0"s, NameEnd::kWhole},
                                                   {"\x40x"s + label + "\0"s, NameEnd::kBroken}};
  for (const auto& [packed, end] : names) {
    std::string_view rest = packed;
    std::string text;
    EXPECT_EQ(take_name(rest, text), end) << packed;
  }
  std::string_view rest = names[0].first;
  std::string text = "before";
  take_name(rest, text);
  EXPECT_EQ(text, "tftp.example");
  EXPECT_EQ(rest, "rest");
}

TEST(DnsMessage, WhatIsCutOffIsNone) {
  const std::string whole = answer(7, kAlias + kAddress, 2);
  for (std::size_t length = 0; length < whole.size(); ++length) {
    EXPECT_FALSE(parse_dns_answer(bytes(whole.substr(0, length)))) << length;
  }
}

class DnsLab {
 public:
  // Ports and names of the questions that wait in the outbox, which is emptied; ARP is answered.
  std::vector<Datagram> sent() {
    for (const IpAddress& server : {kFirst, kSecondServer}) {
      wire::ArpPacket arp = wire::arp_announcement(test::kServerMac, server.v4());
      const wire::EthernetHeader ethernet{test::kPhoneMac, test::kServerMac, {{0x08, 0x06}}};
      std::string frame(reinterpret_cast<const char*>(&ethernet), sizeof(ethernet));
      frame.append(reinterpret_cast<const char*>(&arp), sizeof(arp));
      host.on_frame(bytes(frame));
    }
    std::vector<Datagram> all;
    frames_.clear();
    for (; !host.outbox.empty(); host.outbox.pop_front()) {
      frames_.push_back(host.outbox.front());
    }
    for (const Host::Frame& frame : frames_) {
      if (const auto datagram = parse_udp(*parse_frame(frame))) {
        all.push_back(*datagram);
      }
    }
    return all;
  }
  bool give(const Datagram& to, const std::string& payload) {
    return dns.on_datagram({to.to, to.from, kDnsPort, to.from_port, bytes(payload)}, now);
  }

  Micros now = 0;
  Host host{{.mac = test::kPhoneMac,
             .address = IpAddress::from_v4(test::kPhoneAddress),
             .subnet = {IpAddress::from_v4(0x0a4d0000), 112}}};
  DnsClient dns{host, {test::kServerAddress6, kFirst, kSecondServer}, "example", DnsType::kA, 6};

 private:
  std::vector<Host::Frame> frames_{};
};

TEST(DnsClient, ANameIsAskedForOnceAndRemembered) {
  DnsLab lab;
  EXPECT_FALSE(lab.dns.find("tftp", 0));
  EXPECT_FALSE(lab.dns.find("other", 0));  // one at a time
  const auto questions = lab.sent();
  ASSERT_EQ(questions.size(), 1u);
  EXPECT_EQ(questions[0].to, kFirst);  // the one of the other family is not asked
  EXPECT_FALSE(lab.give({.to = kSecondServer, .from_port = 1}, "x"));  // to another port
  EXPECT_TRUE(lab.give(questions[0], answer(6, kAddress, 1)));         // an older question's
  EXPECT_TRUE(lab.dns.is_busy());
  EXPECT_TRUE(lab.give(questions[0], answer(7, kAddress, 1)));
  EXPECT_FALSE(lab.dns.is_busy());
  EXPECT_EQ(lab.dns.find("tftp", 0), std::vector{IpAddress::from_v4(0x0a4d0001)});
  EXPECT_EQ(lab.dns.questions(), 1u);
}

TEST(DnsClient, EachServerIsAskedTwiceAndThenNobodyKnowsIt) {
  DnsLab lab;
  lab.dns.find("tftp", 0);
  std::vector<IpAddress> asked;
  for (int turn = 0; lab.dns.is_busy() && turn < 10; ++turn) {
    for (const Datagram& datagram : lab.sent()) {
      asked.push_back(datagram.to);
    }
    lab.now = lab.dns.deadline();
    lab.dns.on_time(lab.now);
  }
  EXPECT_EQ(asked, (std::vector{kFirst, kSecondServer, kFirst, kSecondServer}));
  EXPECT_EQ(lab.now, 12 * kSecond);
  EXPECT_EQ(lab.dns.find("tftp", lab.now), std::vector<IpAddress>());
}

TEST(DnsClient, AServerThatCannotSayIsPassedOver) {
  DnsLab lab;
  lab.dns.find("tftp", 0);
  constexpr char kRefused = 5;
  lab.give(lab.sent()[0], answer(7, "", 0, kRefused));
  const auto questions = lab.sent();
  ASSERT_EQ(questions.size(), 1u);
  EXPECT_EQ(questions[0].to, kSecondServer);
  constexpr char kNoSuchName = 3;
  lab.give(questions[0], answer(7, "", 0, kNoSuchName));
  EXPECT_EQ(lab.dns.find("tftp", 0), std::vector<IpAddress>());
}

}  // namespace
}  // namespace dialtone::emu
