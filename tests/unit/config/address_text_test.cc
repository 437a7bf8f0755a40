// SPDX-License-Identifier: Apache-2.0
#include "dataplane/config/address_text.h"

#include <gtest/gtest.h>

namespace dialtone::config {
namespace {

TEST(AddressText, Ipv4GoesThereAndBack) {
  EXPECT_EQ(parse_ipv4("10.77.0.1"), 0x0a4d0001u);
  EXPECT_EQ(parse_ipv4("255.255.255.255"), 0xffffffffu);
  EXPECT_EQ(ipv4_text(0x0a4d0001), "10.77.0.1");
}

TEST(AddressText, Ipv4RefusesEverythingElse) {
  for (const char* text :
       {"", "10", "10.77.0", "10.77.0.", "10.77.0.1.2", "10.77.0.256", "10.077.0.1", "10.77.0.1 ",
        " 10.77.0.1", "a.b.c.d", "10.77.0.-1", "10..0.1", "1e1.0.0.1"}) {
    EXPECT_FALSE(parse_ipv4(text)) << text;
  }
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

}  // namespace
}  // namespace dialtone::config
