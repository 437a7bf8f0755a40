// SPDX-License-Identifier: Apache-2.0
#include "generator/escape.h"

#include <gtest/gtest.h>

#include <string>

namespace dialtone::generator {
namespace {

TEST(Escape, HarmlessTextStaysAtEveryLength) {
  const std::string alphabet = "The quick brown fox jumps over the lazy dog, 0123456789 times!";
  for (std::size_t length = 0; length <= alphabet.size(); ++length) {
    EXPECT_EQ(escaped(alphabet.substr(0, length)), alphabet.substr(0, length));
  }
}

TEST(Escape, SpecialCharactersAreFoundAtEveryPlace) {
  for (const auto& [special, reference] :
       {std::pair("&", "&amp;"), std::pair("<", "&lt;"), std::pair(">", "&gt;"),
        std::pair("\"", "&quot;"), std::pair("'", "&#39;"), std::pair("\t", "&#9;"),
        std::pair("\n", "&#10;"), std::pair("\r", "&#13;"), std::pair("\x01", "\xef\xbf\xbd")}) {
    for (std::size_t length = 1; length <= 40; ++length) {
      for (std::size_t place = 0; place < length; ++place) {
        const std::string before(place, 'a');
        const std::string after(length - place - 1, 'z');
        EXPECT_EQ(escaped(before + special + after), before + reference + after)
            << length << " " << place;
      }
    }
  }
}

TEST(Escape, NeighboursInAsciiAreNotEscaped) {
  EXPECT_EQ(escaped("!#$%()*+,-./:;=?@[]^_`{|}~ \x7f"), "!#$%()*+,-./:;=?@[]^_`{|}~ \x7f");
}

TEST(Escape, GoodUtf8Stays) {
  const std::string text = "M\xc3\xbcller \xe6\x9d\xb1\xe4\xba\xac \xf0\x9f\x93\x9e end of text";
  EXPECT_EQ(escaped(text), text);
}

TEST(Escape, BrokenUtf8BecomesReplacements) {
  const std::string r = "\xef\xbf\xbd";
  EXPECT_EQ(escaped("a\x80z"), "a" + r + "z");            // lone continuation
  EXPECT_EQ(escaped("a\xc3"), "a" + r);                   // cut off
  EXPECT_EQ(escaped("\xc0\xaf"), r + r);                  // overlong
  EXPECT_EQ(escaped("\xed\xa0\x80"), r + r + r);          // surrogate
  EXPECT_EQ(escaped("\xef\xbf\xbe"), r + r + r);          // U+FFFE
  EXPECT_EQ(escaped("\xf4\x90\x80\x80"), r + r + r + r);  // beyond U+10FFFF
  EXPECT_EQ(escaped("\xe6\x9d<"), r + r + "&lt;");        // cut off by a special
  EXPECT_EQ(escaped(std::string("a\0b", 3)), "a" + r + "b");
}

TEST(Escape, NeverExpandsBeyondTheBound) {
  for (int byte = 0; byte < 256; ++byte) {
    const std::string all(100, static_cast<char>(byte));
    EXPECT_LE(escaped(all).size(), all.size() * kMaxExpansion);
  }
}

}  // namespace
}  // namespace dialtone::generator
