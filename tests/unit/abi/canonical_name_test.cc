// SPDX-License-Identifier: Apache-2.0
#include "dataplane/abi/canonical_name.h"

#include "dataplane/abi/name_key.h"
#include "dataplane/base/hash.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

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

// Byte by byte, as the header says it; nothing of canonicalize().
std::string plainly(std::string name) {
  if (!name.empty() && (name[0] == '/' || name[0] == '\\')) {
    name.erase(0, 1);
  }
  bool good = !name.empty() && name.size() <= kMaxNameLength;
  std::string part;
  for (char& c : name) {
    const auto byte = static_cast<unsigned char>(c);
    good = good && byte >= 0x20 && byte != 0x7f;
    c = c == '\\' ? '/' : c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
    good = good && (c != '/' || (part != "" && part != "." && part != ".."));
    part = c == '/' ? "" : part + c;
  }
  return good && part != "" && part != "." && part != ".." ? name : "(none)";
}

void expect_every_byte_right(std::size_t size, std::size_t at) {
  for (int byte = 0; byte < 256; ++byte) {
    std::string name(size, 'n');
    name[at] = static_cast<char>(byte);
    ASSERT_EQ(canonical(name), plainly(name)) << size << " " << at << " " << byte;
  }
}

TEST(CanonicalName, HasEveryByteAtEveryPlaceRight) {
  for (std::size_t size : {1u, 2u, 15u, 16u, 17u, 33u}) {
    for (std::size_t at = 0; at < size; ++at) {
      expect_every_byte_right(size, at);
    }
  }
  for (std::size_t at : {0u, 127u, 128u, 239u, 240u, 254u}) {
    expect_every_byte_right(kMaxNameLength, at);
  }
}

TEST(CanonicalName, HasSlashesAndDotsRightInAnyOrder) {
  constexpr char kBytes[] = {'/', '.', '\\', 'a', 'Z', '\x1f', '\x80'};
  for (unsigned seed = 0; seed < 5'000; ++seed) {
    std::mt19937 random(seed);
    std::string name(random() % 40, ' ');
    for (char& c : name) {
      c = kBytes[random() % (seed % 2 == 0 ? 5 : sizeof(kBytes))];
    }
    ASSERT_EQ(canonical(name), plainly(name)) << seed;
  }
}

TEST(NameKey, ADigitCountsAtItsPlaceAndNothingElseIsOne) {
  // Equal keys mean equal MACs: the seed's mix is a bijection.
  const std::uint64_t zero = name_key("sep000000000000.cnf.xml", 1).key;
  for (std::size_t at = 0; at < 12; ++at) {
    for (int byte = 0; byte < 256; ++byte) {
      std::string name = "sep000000000000.cnf.xml";
      name[3 + at] = static_cast<char>(byte);
      const bool digit = (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'f');
      const NameKey key = name_key(name, 1);
      ASSERT_EQ(key.exact, digit) << at << " " << byte;
      ASSERT_EQ(key.key == zero, byte == '0') << at << " " << byte;
    }
  }
  // What an index holds already: the digits as one number, the first one the highest.
  EXPECT_EQ(name_key("sep0123456789ab.cnf.xml", 7).key, mix64(0x0123456789abULL << 8, 7));
  EXPECT_EQ(name_key("sipfedcba987654.cnf.xml.sgn", 7).key,
            mix64(1ULL << 56 | 0xfedcba987654ULL << 8 | 1, 7));
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
