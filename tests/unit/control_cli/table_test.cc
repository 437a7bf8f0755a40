// SPDX-License-Identifier: Apache-2.0
#include "control/cli/table.h"

#include "control/cli/amounts.h"

#include <gtest/gtest.h>

namespace dialtone::cli {
namespace {

TEST(Table, AlignsByColumnsOfTheTerminal) {
  Table table({{"NAME"}, {"SIZE", Align::kRight}, {"OWNER"}});
  table.add({"a", "512 B", "Bj\xC3\xB6rn"});
  table.add({"\xE4\xBD\xA0\xE5\xA5\xBD!", "1 kB", ""});
  EXPECT_EQ(table.render({}),
            "NAME    SIZE  OWNER\n"
            "a      512 B  Bj\xC3\xB6rn\n"
            "\xE4\xBD\xA0\xE5\xA5\xBD!   1 kB  -\n");
}

TEST(Table, ColourChangesNoColumn) {
  Table table({{"A"}, {"B"}});
  table.add({"1", "2"});
  EXPECT_EQ(table.render({.colour = true}), "\x1b[1mA  B\x1b[0m\n1  2\n");
}

TEST(Table, ATerminalCutsWhatMayBeCutAndAPipeNothing) {
  Table table({{"NAME", Align::kLeft, Fit::kMayBeCut}, {"SIZE", Align::kRight}, {"WHY"}});
  table.add({std::string(250, 'n'), "1.2 kB", "database"});
  table.add({"short", "7 B", "-"});
  Style terminal;
  terminal.width = 40;
  EXPECT_EQ(table.render(terminal), "NAME                      SIZE  WHY\n" + std::string(21, 'n') +
                                        "\xE2\x80\xA6  1.2 kB  database\n" +
                                        "short                      7 B  -\n");
  EXPECT_NE(table.render({}).find(std::string(250, 'n') + "  1.2 kB"), std::string::npos);
  terminal.width = 5;
  EXPECT_NE(table.render(terminal).find(std::string(11, 'n') + "\xE2\x80\xA6  1.2 kB"),
            std::string::npos)
      << "something is left to read";
}

TEST(KeyValues, AlignsValues) {
  KeyValues lines;
  lines.add("name", "SEP1");
  lines.add("line1.dn", "");
  EXPECT_EQ(lines.render({}), "name      SEP1\nline1.dn  -\n");
}

TEST(Amounts, Numbers) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(12004), "12,004");
  EXPECT_EQ(grouped(18446744073709551615u), "18,446,744,073,709,551,615");
  EXPECT_EQ(counted(1, "file"), "1 file");
  EXPECT_EQ(counted(0, "file"), "0 files");
}

TEST(Amounts, Sizes) {
  EXPECT_EQ(human_size(999), "999 B");
  EXPECT_EQ(human_size(1000), "1.0 kB");
  EXPECT_EQ(human_size(9949), "9.9 kB");
  EXPECT_EQ(human_size(9951), "10 kB");
  EXPECT_EQ(human_size(999'499), "999 kB");
  EXPECT_EQ(human_size(999'500), "1.0 MB");
  EXPECT_EQ(human_size(3'800'000'000), "3.8 GB");
  EXPECT_EQ(human_size(18446744073709551615u), "18447 PB");
}

TEST(Amounts, Durations) {
  EXPECT_EQ(human_us(0), "0 \xC2\xB5s");
  EXPECT_EQ(human_us(3100), "3.1 ms");
  EXPECT_EQ(human_us(999'600), "1.0 s");
  EXPECT_EQ(human_uptime(59), "59 s");
  EXPECT_EQ(human_uptime(3600), "1 h");
  EXPECT_EQ(human_uptime(11'520), "3 h 12 min");
  EXPECT_EQ(human_uptime(435'700), "5 d 1 h");
  EXPECT_EQ(utc_time(1'719'835'200), "2024-07-01T12:00:00Z");
  EXPECT_EQ(utc_time(18446744073709551615u), "18446744073709551615");
}

}  // namespace
}  // namespace dialtone::cli
