// SPDX-License-Identifier: Apache-2.0
#include "control/database/text_rules.h"

#include "control/database/tag_text.h"

#include <gtest/gtest.h>

namespace dialtone::database {
namespace {

TEST(TextRules, TakesUtf8OfOneLine) {
  for (const char* text :
       {"", "plain", "\xc3\x89lodie", "\xe6\x9d\xb1\xe4\xba\xac", "\xf0\x9f\x93\x9e"}) {
    EXPECT_TRUE(check_text("it", text, 9).ok()) << text;
  }
  // Characters are counted, not bytes.
  EXPECT_TRUE(check_text("it", "\xc3\x89\xc3\x89", 2).ok());
  EXPECT_FALSE(check_text("it", "abc", 2).ok());
}

TEST(TextRules, RefusesWhatIsNoUtf8) {
  for (const char* text : {"\x80", "\xc3", "\xc3(", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80",
                           "\xf4\x90\x80\x80", "\xff", "a\xe6\x9d"}) {
    const auto checked = check_text("label", text, 99);
    ASSERT_FALSE(checked.ok()) << text;
    EXPECT_EQ(checked.error().text.find("label is not UTF-8"), 0u) << checked.error().text;
  }
}

TEST(TextRules, RefusesControlCharacters) {
  for (const std::string& text : {std::string("a\nb"), std::string("a\0b", 3), std::string("\x7f"),
                                  std::string("\xc2\x85"), std::string("\xef\xbf\xbf")}) {
    EXPECT_FALSE(check_text("it", text, 99).ok());
  }
}

// What would be shown as U+FFFD is not stored either.
TEST(TextRules, RefusesWhatTurnsTheDirection) {
  for (const char* text : {"abc\xe2\x80\xaetxt", "\xe2\x81\xa6", "\xe2\x80\xa8"}) {
    EXPECT_FALSE(check_text("label", text, 99).ok()) << text;
  }
  EXPECT_EQ(check_text("label", "abc\xe2\x80\xaetxt", 99).error().text,
            "label holds a control character (U+202E); a text is one line, and does not turn its "
            "direction");
  // A mark is as good as a letter of its script.
  EXPECT_TRUE(check_text("label", "\xd7\xa9\xd7\x9c\xe2\x80\x8f!", 99).ok());
}

TEST(TextRules, ReadsNumbersAsAWhole) {
  EXPECT_EQ(parse_number("0", 9), 0u);
  EXPECT_EQ(parse_number("4294967295", 0xffffffff), 4294967295u);
  for (const char* text : {"", "-1", "+1", "1x", " 1", "10", "4294967296"}) {
    EXPECT_EQ(parse_number(text, 9), std::nullopt) << text;
  }
}

TEST(TextRules, TagsKeepTheirOrder) {
  const auto tags = parse_tags(R"({"webAccess": "0", "b": 2, "a": true, "u": "<\u00e9>"})");
  ASSERT_TRUE(tags.ok());
  EXPECT_EQ(tags_json(*tags), R"({"webAccess":"0","b":"2","a":"true","u":"<é>"})");
  for (const char* json : {"", "[]", "{", R"({"a": null})", R"({"a": {}})", R"({"a": [1]})"}) {
    EXPECT_FALSE(parse_tags(json).ok()) << json;
  }
}

}  // namespace
}  // namespace dialtone::database
