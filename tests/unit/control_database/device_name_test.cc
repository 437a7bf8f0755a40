// SPDX-License-Identifier: Apache-2.0
#include "control/database/device_name.h"

#include <gtest/gtest.h>

namespace dialtone::database {
namespace {

TEST(DeviceName, MacsHaveOneSpelling) {
  for (const char* text :
       {"SEP001122334455", "sep0011.2233.4455", "00:11:22:33:44:55", "00-11-22-33-44-55",
        "001122334455", " sep001122334455\r\n", "SEP00:11:22:33:44:55", "SEP-001122334455"}) {
    const auto name = device_name(text);
    ASSERT_TRUE(name.ok()) << text;
    EXPECT_EQ(*name, "SEP001122334455") << text;
  }
  EXPECT_EQ(*device_name("ataabcdef012345"), "ATAABCDEF012345");
  EXPECT_EQ(*device_name("vgcabcdef012345"), "VGCABCDEF012345");
}

TEST(DeviceName, OtherKindsKeepTheirs) {
  EXPECT_EQ(*device_name("csfJane.Doe"), "CSFJANE.DOE");
  EXPECT_EQ(*device_name("SKIGW1FCAC3DE10"), "SKIGW1FCAC3DE10");
  EXPECT_EQ(*device_name("AN1FCAC3DE10600"), "AN1FCAC3DE10600");
}

TEST(DeviceName, NamesOfOtherFilesAreSpellings) {
  for (const char* text : {"SIP001122334455", "sip00:11:22:33:44:55", "ld001122334455",
                           "gk001122334455", "GK0011.2233.4455"}) {
    EXPECT_EQ(*device_name(text), "SEP001122334455") << text;
  }
  EXPECT_EQ(family_of_name("ld001122334455"), generator::Family::kLd);
  EXPECT_EQ(family_of_name("SIP001122334455"), generator::Family::kSip7960);
  EXPECT_EQ(family_of_name("SEP001122334455"), std::nullopt);
  EXPECT_EQ(family_of_name("001122334455"), std::nullopt);
}

TEST(DeviceName, RefusesTheRestWithTheCure) {
  for (const char* text :
       {"", "SEP", "SEP00112233445", "SEP0011223344556", "SEP00112233445G", "CSF", "CSF/../x",
        "CSFj\xc3\xb6rg", "router1", "SIP00112233445", "SIP00112233445G", "LD"}) {
    EXPECT_FALSE(device_name(text).ok()) << text;
  }
  EXPECT_FALSE(device_name("CSF" + std::string(80, 'A')).ok());
  EXPECT_EQ(device_name("SEP00112233445").error().text,
            "'SEP00112233445' is no device name: SEP is followed by the 12 hexadecimal digits of "
            "the MAC address");
}

}  // namespace
}  // namespace dialtone::database
