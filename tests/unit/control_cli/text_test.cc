// SPDX-License-Identifier: Apache-2.0
#include "control/cli/text.h"

#include "control/cli/json_line.h"

#include <gtest/gtest.h>

namespace dialtone::cli {
namespace {

const std::string kMark = "\xEF\xBF\xBD";

TEST(Printable, KeepsWhatPeopleWrite) {
  const std::string text = "Bj\xC3\xB6rn \xE4\xBD\xA0\xE5\xA5\xBD \xF0\x9F\x93\x9E e\xCC\x81";
  EXPECT_EQ(printable(text), text);
  EXPECT_EQ(printable(""), "");
}

TEST(Printable, ReplacesWhatMovesATerminal) {
  EXPECT_EQ(printable("a\x1b[31mb"), "a" + kMark + "[31mb");
  EXPECT_EQ(printable("a\nb\tc\r\a\x7f"), "a" + kMark + "b" + kMark + "c" + kMark + kMark + kMark);
  EXPECT_EQ(printable("\xC2\x9B"
                      "31m"),
            kMark + "31m")
      << "C1: CSI";
  EXPECT_EQ(printable("\xE2\x80\xAEtxt"), kMark + "txt") << "right-to-left override";
  EXPECT_EQ(printable("\xEF\xBF\xBF"), kMark) << "U+FFFF";
  EXPECT_EQ(printable("\xD7\xA9\xE2\x80\x8F!"), "\xD7\xA9\xE2\x80\x8F!") << "a mark";
  EXPECT_EQ(printable(std::string_view("a\0b", 3)), "a" + kMark + "b");
}

TEST(Printable, ReplacesWhatIsNoUtf8) {
  EXPECT_EQ(printable("\x9B"
                      "31m"),
            kMark + "31m")
      << "a bare C1 byte";
  EXPECT_EQ(printable("\xC3"), kMark) << "truncated";
  EXPECT_EQ(printable("\xC0\x9B"), kMark + kMark) << "overlong";
  EXPECT_EQ(printable("\xED\xA0\x80"), kMark + kMark + kMark) << "surrogate";
  EXPECT_EQ(printable("\xF4\x90\x80\x80"), kMark + kMark + kMark + kMark) << "above U+10FFFF";
  EXPECT_EQ(printable("\xE4\xBD"
                      "A"),
            kMark + kMark + "A");
}

TEST(PrintableLines, KeepsTheFormOfAFile) {
  EXPECT_EQ(printable_lines("<a>\r\n\t<b/>\n"), "<a>\n\t<b/>\n");
  EXPECT_EQ(printable_lines("x\ry\x1b"), "x" + kMark + "y" + kMark);
}

TEST(DisplayWidth, CountsColumns) {
  EXPECT_EQ(display_width("Bj\xC3\xB6rn"), 5u);
  EXPECT_EQ(display_width("e\xCC\x81"), 1u);                 // e and a combining accent
  EXPECT_EQ(display_width("\xE4\xBD\xA0\xE5\xA5\xBD"), 4u);  // two Chinese characters
  EXPECT_EQ(display_width("\xF0\x9F\x93\x9E"), 2u);          // a telephone
  EXPECT_EQ(display_width("\xD7\xA9\xE2\x80\x8F!"), 2u);     // a Hebrew letter and a mark
  EXPECT_EQ(display_width(kMark), 1u);
}

TEST(CutTo, CutsBetweenCharacters) {
  EXPECT_EQ(cut_to("abcd", 4), "abcd");
  EXPECT_EQ(cut_to("abcde", 4), "abc\xE2\x80\xA6");
  EXPECT_EQ(cut_to("\xE4\xB8\xAD\xE4\xB8\xAD", 4), "\xE4\xB8\xAD\xE4\xB8\xAD");
  EXPECT_EQ(cut_to("\xE4\xB8\xAD\xE4\xB8\xAD"
                   "a",
                   4),
            "\xE4\xB8\xAD\xE2\x80\xA6");
}

TEST(JsonLine, IsOneSafeLine) {
  const api::Json json = {{"text",
                           "a\x1b\n\x7f\xC2\x9B"
                           "B\xC3\xB6"}};
  const std::string line = json_line(json);
  EXPECT_EQ(line, "{\"text\":\"a\\u001b\\n\\u007f\\u009bB\xC3\xB6\"}\n");
  EXPECT_EQ(api::Json::parse(line), json);
  EXPECT_EQ(json_line("a\xFF"), "\"a" + kMark + "\"\n");
}

}  // namespace
}  // namespace dialtone::cli
