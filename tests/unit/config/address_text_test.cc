// SPDX-License-Identifier: Apache-2.0
#include "dataplane/config/address_text.h"

#include <gtest/gtest.h>

namespace dialtone::config {
namespace {

TEST(AddressText, AddressesGoThereAndBack) {
  EXPECT_EQ(parse_ip("10.77.0.1"), IpAddress::from_v4(0x0a4d0001));
  EXPECT_EQ(parse_ip("255.255.255.255"), IpAddress::from_v4(0xffffffff));
  EXPECT_EQ(parse_ip("2001:DB8:0::1"), (IpAddress{0x20010db800000000, 1}));
  EXPECT_EQ(ip_text(IpAddress::from_v4(0x0a4d0001)), "10.77.0.1");
  EXPECT_EQ(ip_text({0x20010db800000000, 0x0102030405060708}), "2001:db8::102:304:506:708");
}

TEST(AddressText, AnythingElseIsRefused) {
  for (const char* text :
       {"", "10", "10.77.0", "10.77.0.", "10.77.0.1.2", "10.77.0.256", "10.077.0.1", "10.77.0.1 ",
        " 10.77.0.1", "a.b.c.d", "10.77.0.-1", "10..0.1", "1e1.0.0.1", "2001:db8", "1::2::3",
        "fe80::1%eth0", "2001:db8::1/64", "[2001:db8::1]", ":"}) {
    EXPECT_FALSE(parse_ip(text)) << text;
  }
  EXPECT_FALSE(parse_ip(std::string_view("fd00::\0junk", 11)));
}

TEST(AddressText, MacGoesThereAndBack) {
  const std::array<std::uint8_t, 6> mac{0x02, 0x44, 0x54, 0x00, 0xab, 0x01};
  EXPECT_EQ(parse_mac("02:44:54:00:AB:01"), mac);
  EXPECT_EQ(parse_mac("02-44-54-00-ab-01"), mac);
  EXPECT_EQ(mac_text(mac), "02:44:54:00:ab:01");
}

TEST(AddressText, MacRefusesEverythingElse) {
  for (const char* text :
       {"", "024454000001", "02:44:54:00:00", "02:44:54:00:00:1", "02:44:54:00:00:0g",
        "02:44:54:00:00:01:02", "02:44-54:00:00:01", "02:44:54:00:00: 1"}) {
    EXPECT_FALSE(parse_mac(text)) << text;
  }
}

TEST(AddressText, PrefixesOfBothFamilies) {
  const auto v4 = parse_prefix("10.0.0.0/8");
  ASSERT_TRUE(v4);
  EXPECT_EQ(v4->bits, 104);
  EXPECT_TRUE(v4->holds(IpAddress::from_v4(0x0affffff)));
  EXPECT_FALSE(v4->holds(IpAddress::from_v4(0x0b000000)));
  EXPECT_EQ(v4->last(), IpAddress::from_v4(0x0affffff));
  const auto v6 = parse_prefix("2001:db8:8000::/33");
  ASSERT_TRUE(v6);
  EXPECT_TRUE(v6->holds({0x20010db8ffffffff, 1}));
  EXPECT_FALSE(v6->holds({0x20010db87fffffff, 1}));
  EXPECT_EQ(parse_prefix("10.0.0.1")->bits, 128);
  EXPECT_EQ(parse_prefix("0.0.0.0/0")->bits, 96);
  EXPECT_EQ(parse_prefix("::/0")->bits, 0);
  EXPECT_TRUE(parse_prefix("::/0")->holds({~0ULL, ~0ULL}));
  // Written as IPv6 it is counted as IPv6: the 96 bits before the address are of the prefix.
  EXPECT_EQ(parse_prefix("::ffff:10.0.0.0/104"), v4);
  EXPECT_EQ(parse_prefix("::ffff:a00:0/104"), v4);
  EXPECT_EQ(parse_prefix("::ffff:10.0.0.1"), parse_prefix("10.0.0.1"));
  EXPECT_EQ(parse_prefix("::ffff:0:0/96"), parse_prefix("0.0.0.0/0"));
  for (const char* text : {"10.0.0.0/8", "10.0.0.1/32", "::/0", "2001:db8::/32"}) {
    EXPECT_EQ(prefix_text(*parse_prefix(text)), text);
  }
  for (const char* text :
       {"", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.1/8", "10.0.0.0/-1", "10.0.0.0/8x",
        "10.0.0.0/08", "0.0.0.0/00", "10.00.0.0/8", "010.0.0.0/8", "2001:db8::/032",
        "2001:db8::1/64", "::/129", "10/8", "::ffff:10.0.0.0/8", "::ffff:0.0.0.0/0",
        "::ffff:0.0.0.0/95", "::ffff:10.0.0.1/104"}) {
    EXPECT_FALSE(parse_prefix(text)) << text;
  }
}

}  // namespace
}  // namespace dialtone::config
