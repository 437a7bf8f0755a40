// SPDX-License-Identifier: Apache-2.0
#include "dataplane/abi/canonical_name.h"

#include "dataplane/abi/name_key.h"

#include <gtest/gtest.h>

namespace dialtone::abi {
namespace {

std::string canonical(std::string_view name) {
  CanonicalName out;
  return canonicalize(name, out) ? std::string(out.view()) : "(none)";
}

TEST(CanonicalName, FoldsCaseSlashAndBackslash) {
  EXPECT_EQ(canonical("SEP0011AABBCCDD.cnf.xml"), "sep0011aabbccdd.cnf.xml");
  EXPECT_EQ(canonical("/7960-font.xml"), "7960-font.xml");
  EXPECT_EQ(canonical("US\\7960-Tones.xml"), "us/7960-tones.xml");
}

TEST(CanonicalName, RefusesWhatCouldLeaveTheRootOrHideAByte) {
  for (std::string_view name : {"", "/", "//x", "../x", "/../x", "a/../x", "a\\..\\x", "a/./x",
                                "a//x", "a/", ".", "..", "a\nb", "a\x7f"}) {
    EXPECT_EQ(canonical(name), "(none)") << name;
  }
  EXPECT_EQ(canonical(std::string_view("a\0b", 3)), "(none)");
  EXPECT_EQ(canonical("....//x"), "(none)");
  EXPECT_EQ(canonical("..x/y..z"), "..x/y..z");
}

TEST(CanonicalName, HoldsTheLongestNameAndNoMore) {
  EXPECT_EQ(canonical(std::string(kMaxNameLength, 'a')), std::string(kMaxNameLength, 'a'));
  EXPECT_EQ(canonical(std::string(kMaxNameLength + 1, 'a')), "(none)");
}

TEST(NameKey, MacShapedNamesAreExactOthersHashed) {
  for (std::string_view name :
       {"sep001122334455.cnf.xml", "sip001122334455.cnf", "ctlsep001122334455.tlv",
        "ld001122334455", "sep001122334455.cnf.xml.enc.sgn"}) {
    EXPECT_TRUE(name_key(name, 1).exact) << name;
  }
  for (std::string_view name : {"ringlist.xml", "sep00112233445.cnf.xml",
                                "sep0011223344556.cnf.xml", "sep00112233445g.cnf.xml"}) {
    EXPECT_FALSE(name_key(name, 1).exact) << name;
  }
}

TEST(NameKey, NamesThatDifferHaveKeysThatDiffer) {
  EXPECT_NE(name_key("sep001122334455.cnf.xml", 1).key, name_key("sip001122334455.cnf.xml", 1).key);
  EXPECT_NE(name_key("sep001122334455.cnf.xml", 1).key,
            name_key("sep001122334455.cnf.xml.sgn", 1).key);
  EXPECT_NE(name_key("sep001122334455.cnf.xml", 1).key, name_key("sep001122334455.cnf.xml", 2).key);
}

}  // namespace
}  // namespace dialtone::abi
