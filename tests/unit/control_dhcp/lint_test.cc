// SPDX-License-Identifier: Apache-2.0
#include "control/dhcp/lint.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace dialtone::dhcp {
namespace {

const IpAddress kFirst = IpAddress::from_v4(0x0a000001);
const IpAddress kSecond = IpAddress::from_v4(0x0a000002);
const IpAddress kSixth{0x20010db800000000, 1};

using Codes = std::vector<std::string>;

Codes codes_of(const std::string& text, const std::vector<IpAddress>& servers = {}) {
  const auto scopes = read_scopes(text);
  EXPECT_TRUE(scopes) << scopes.error().text;
  Codes codes;
  for (const Finding& each : lint(*scopes, servers).findings) {
    codes.push_back(each.scope + " " + each.code);
  }
  return codes;
}

const std::string kIsc =
    "option tftp-server-addresses code 150 = array of ip-address;  # both\n"
    "subnet 10.1.0.0 netmask 255.255.0.0 {\n"
    "  option tftp-server-addresses 10.0.0.1, 10.0.0.2;\n"
    "}\n"
    "subnet 10.2.0.0 netmask 255.255.0.0 {\n"
    "  option tftp-server-addresses 10.0.0.1, 10.0.0.2, 10.0.0.3;\n"
    "  option tftp-server-name \"tftp; example\";\n"
    "  next-server 10.0.0.9;\n"
    "}\n"
    "subnet 10.3.0.0 netmask 255.255.0.0 { pool { server-name \"10.0.0.1\"; } }\n"
    "subnet 10.4.0.0 netmask 255.255.0.0 { range 10.4.0.1 10.4.0.9; }\n";

TEST(DhcpLint, OfIscDhcpd) {
  EXPECT_EQ(codes_of(kIsc),
            (Codes{"10.2.0.0 66-and-150", "10.2.0.0 more-than-two", "10.2.0.0 siaddr-differs",
                   "10.3.0.0 no-150", "10.3.0.0 sname-is-address", "10.4.0.0 no-server"}));
  const auto found = lint(*read_scopes(kIsc), std::vector{kSecond});
  EXPECT_EQ(found.scopes, 4u);
  EXPECT_EQ(found.scopes_wrong, 3u);  // two ask another server first, one asks none
  EXPECT_EQ(found.findings.front().line, 2u);
}

TEST(DhcpLint, WhatStandsAtTheTopOrInAClassCountsInEachScope) {
  const std::string subnet = "subnet 10.1.0.0 netmask 255.255.0.0 { }\n";
  const std::string option = "option cisco 10.0.0.1, 10.0.0.2;\n";
  const std::string definition = "option cisco code 150 = array of ip-address;\n";
  EXPECT_EQ(codes_of(definition + subnet + option), Codes{});
  EXPECT_EQ(codes_of(definition + subnet + "class \"phones\" { " + option + " }"), Codes{});
  EXPECT_EQ(codes_of("shared-network a { " + subnet + option + "}" + definition),
            Codes{"10.1.0.0 no-server"});  // it is defined too late to be one
}

TEST(DhcpLint, AnOptionOfOneAddressOrWithAName) {
  const std::string one =
      "option cisco code 150 = ip-address;\nsubnet 10.1.0.0 netmask 255.0.0.0 {";
  EXPECT_EQ(codes_of(one + "option cisco 10.0.0.1, 10.0.0.2; }"),
            Codes{"10.1.0.0 150-is-one-address"});
  EXPECT_EQ(codes_of(one + "option cisco 10.0.0.1, 10.0.0.2, 10.0.0.3; }"),
            (Codes{"10.1.0.0 more-than-two", "10.1.0.0 150-is-one-address"}));
  EXPECT_EQ(codes_of(one + "option cisco tftp.example; }"),
            (Codes{"10.1.0.0 150-is-name", "10.1.0.0 single-server"}));
}

TEST(DhcpLint, OfKea) {
  const std::string text =
      "{ // comments are allowed\n\"Dhcp4\": { \"option-def\": [ { \"name\": \"tftp\", \"code\": "
      "150,"
      " \"type\": \"ipv4-address\", \"array\": true } ],\n\"subnet4\": [ { \"subnet\": "
      "\"10.1.0.0/16\","
      " \"option-data\": [ { \"name\": \"tftp\", \"data\": \"10.0.0.1, 10.0.0.2\" } ] },\n"
      " { \"subnet\": \"10.2.0.0/16\", \"option-data\": [ { \"code\": 66, \"data\": \"tftp\" },"
      " { \"code\": 150, \"data\": \"10.0.0.1\" } ] } ],\n\"shared-networks\": [ { \"subnet4\": [ {"
      " \"subnet\": \"10.3.0.0/16\" } ] } ] } }";
  EXPECT_EQ(codes_of(text), (Codes{"10.2.0.0/16 66-and-150", "10.2.0.0/16 single-server",
                                   "10.3.0.0/16 no-server"}));
}

TEST(DhcpLint, CommentsOfKea) {
  EXPECT_EQ(
      codes_of("# \" phones\n{ \"Dhcp4\": { // it's # one\n /* # \" */ \"subnet4\": [ # all\n"
               "{ \"subnet\": \"10.1.0.0/16\", \"server-hostname\": \"a\\\"#b\" # last\n} ] } }"),
      Codes{"10.1.0.0/16 no-150"});
  EXPECT_EQ(read_scopes("{ \"Dhcp4\": { \"subnet4\": [ { \"subnet\": \"a#b\" } ] } }")
                ->scopes.front()
                .name,
            "a#b");
}

TEST(DhcpLint, CommentsOfDnsmasq) {
  EXPECT_EQ(codes_of("dhcp-range=10.1.0.1,10.1.0.9 # all=phones\n  # dhcp-option=66,a\n"
                     "dhcp-option=150,10.0.0.1,10.0.0.2\t# first, second\n"),
            Codes{});
  EXPECT_EQ(read_scopes("dhcp-range=10.1.0.1,10.1.0.9\ndhcp-option=66,\"a # b\"\n")
                ->scopes.front()
                .option66,
            "a # b");
}

TEST(DhcpLint, OfDnsmasq) {
  EXPECT_EQ(codes_of("dhcp-range=set:a,10.1.0.1,10.1.0.9\ndhcp-range=set:b,10.2.0.1,10.2.0.9\n"
                     "dhcp-option=tag:a,150,10.0.0.1,10.0.0.2\n#dhcp-option=tag:b,150,10.0.0.1\n"
                     "dhcp-boot=tag:b,file,10.0.0.1\n"),
            (Codes{"10.2.0.1 no-150", "10.2.0.1 sname-is-address"}));
}

TEST(DhcpLint, OfIos) {
  EXPECT_EQ(codes_of("hostname r1\nip dhcp pool A\n network 10.1.0.0 255.255.0.0\n"
                     " option 150 ip 10.0.0.1 10.0.0.2\n!\nip dhcp pool B\n option 66 ascii tftp\n"
                     " option 150 ip 10.0.0.1\n!\n"),
            (Codes{"B 66-and-150", "B single-server"}));
}

TEST(DhcpLint, AddressesOfIosInHex) {
  const std::string pool = "ip dhcp pool A\n option 150 ";
  EXPECT_EQ(read_scopes(pool + "hex 0a00.0001.0A00.0002\n")->scopes.front().option150,
            (std::vector<std::string>{"10.0.0.1", "10.0.0.2"}));
  for (const char* wrong : {"hex 0a00.00\n", "hex 0a00.000g\n", "ascii 10.0.0.1\n"}) {
    EXPECT_EQ(codes_of(pool + wrong), (Codes{"A 150-is-name", "A single-server"})) << wrong;
  }
}

TEST(DhcpLint, WhatIsNoneIsRefused) {
  EXPECT_FALSE(read_scopes(""));
  EXPECT_FALSE(read_scopes("hello\n"));
  EXPECT_FALSE(read_scopes("{ \"Dhcp4\": { "));
  for (const char* text : {"{ \"Dhcp6\": { \"subnet6\": [ { \"subnet\": \"2001:db8::/64\" } ] } }",
                           "{ \"Dhcp4\": { } }", "dhcp-range=2001:db8::1,2001:db8::9\n",
                           "option a code 150 = array of ip-address;\n"}) {
    const auto none = read_scopes(text);
    ASSERT_FALSE(none) << text;
    EXPECT_NE(none.error().text.find("no IPv4 scope"), std::string::npos) << none.error().text;
  }
  const auto open =
      read_scopes("option a code 150 = ip-address;\nsubnet 10.0.0.0 netmask 255.0.0.0 {");
  ASSERT_FALSE(open);
  EXPECT_NE(open.error().text.find("line 2"), std::string::npos);
  EXPECT_FALSE(read_scopes("option a 1;\n}"));
}

// What we print has nothing of what we warn of.
TEST(DhcpSnippet, EachIsReadAsItIsMeant) {
  const std::vector<IpAddress> servers{kFirst, kSecond, kSixth};
  const std::string isc =
      snippet(ServerKind::kIsc, servers) + "subnet 10.1.0.0 netmask 255.255.0.0 { }\n";
  EXPECT_EQ(codes_of(isc, {kFirst}), Codes{});
  EXPECT_EQ(
      codes_of("dhcp-range=10.1.0.1,10.1.0.9\n" + snippet(ServerKind::kDnsmasq, servers), {kFirst}),
      Codes{});
  EXPECT_EQ(codes_of(snippet(ServerKind::kIos, servers), {kFirst}), Codes{});
  // Two files: Kea's servers take no part of each other's.
  const std::string both = snippet(ServerKind::kKea, servers);
  const std::size_t second = both.find("// kea-dhcp6.conf\n");
  ASSERT_NE(second, both.npos);
  EXPECT_EQ(both.substr(second), snippet(ServerKind::kKea, std::vector{kSixth}));
  std::string kea = both.substr(0, second);
  kea.replace(kea.find("\"option-def\""), 0, "\"subnet4\": [ { \"subnet\": \"10.1.0.0/16\" } ], ");
  EXPECT_EQ(codes_of(kea, {kFirst}), Codes{});
  for (const char* name : {"kea", "isc", "dnsmasq", "ios"}) {
    const std::string text = snippet(*server_kind(name), servers);
    EXPECT_NE(text.find("150"), std::string::npos) << name;
    EXPECT_NE(text.find("2001:db8::1"), std::string::npos) << name;
  }
  EXPECT_FALSE(server_kind("windows"));
}

}  // namespace
}  // namespace dialtone::dhcp
