// SPDX-License-Identifier: Apache-2.0
#include "control/import/csv_reader.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace dialtone::importing {
namespace {

struct Read {
  std::string rows;    // "1:a|b 2:c|d", each row with its line
  std::string faults;  // each in a line
};

Read read(std::string_view text) {
  Diagnostics faults;
  Read out;
  FaultList list("f", faults);
  CsvReader reader(text, list);
  while (const auto row = reader.next()) {
    out.rows += (out.rows.empty() ? "" : " ") + std::to_string(row->line) + ":";
    for (std::size_t i = 0; i < row->fields.size(); ++i) {
      out.rows += (i == 0 ? "" : "|") + row->fields[i];
    }
  }
  for (const Diagnostic& fault : faults) {
    out.faults += to_string(fault) + "\n";
  }
  return out;
}

TEST(CsvReader, ReadsPlainRows) {
  EXPECT_EQ(read("a,b\nc,d\n").rows, "1:a|b 2:c|d");
  EXPECT_EQ(read("a,b\r\nc,d\r\n").rows, "1:a|b 2:c|d");
  EXPECT_EQ(read("a,b\nc,d").rows, "1:a|b 2:c|d");
  EXPECT_EQ(read("\xef\xbb\xbf"
                 "a,b\n,\n")
                .rows,
            "1:a|b 2:|");
  EXPECT_EQ(read("").rows, "");
}

TEST(CsvReader, ReadsQuotedFields) {
  EXPECT_EQ(read("a,b\n\"x,y\",\"say \"\"hi\"\"\"\n").rows, "1:a|b 2:x,y|say \"hi\"");
  EXPECT_EQ(read("a,b\n\"\",\"\"\"\"\n").rows, "1:a|b 2:|\"");
  EXPECT_EQ(read("\xef\xbb\xbf\"a\",b\n").rows, "1:a|b");
}

TEST(CsvReader, CountsLinesWithinQuotes) {
  const Read got = read("a,b\r\n\"x\r\ny\n\",1\r\n\n\nc,d\r\n");
  EXPECT_EQ(got.rows, "1:a|b 2:x\r\ny\n|1 7:c|d");
  EXPECT_EQ(got.faults, "");
}

TEST(CsvReader, ACarriageReturnAloneIsContent) {
  EXPECT_EQ(read("a,b\nx\ry,z\n").rows, "1:a|b 2:x\ry|z");
}

TEST(CsvReader, ReportsEachBrokenRowAndReadsOn) {
  const Read got = read("a,b\n1\n1,2,3\nx\"y\"z,2\n\"x\" y,2\n3,4\n");
  EXPECT_EQ(got.rows, "1:a|b 6:3|4");
  EXPECT_EQ(got.faults,
            "f:2:2: broken-row: this row has 1 fields, the header has 2\n"
            "f:3:5: broken-row: this row has 3 fields, the header has 2\n"
            "f:4:2: broken-row: a quote within a field that does not begin with one; write \"a "
            "\"\"b\"\" c\"\n"
            "f:5:4: broken-row: text behind a closing quote; a quote within a field is written "
            "twice\n");
}

TEST(CsvReader, AQuoteThatNeverEndsIsNamedWhereItBegins) {
  const Read got = read("a,b\n1,2\n3,\"x\n5,6\n");
  EXPECT_EQ(got.rows, "1:a|b 2:1|2");
  EXPECT_EQ(got.faults, "f:3:3: broken-row: a quoted field that begins here never ends\n");
}

// Each of these would take the daemon's one thread, and its memory, for long.
TEST(CsvReader, WhatIsNoTableEndsTheReading) {
  const std::string zeros(100, '\0');
  EXPECT_EQ(
      read(zeros).faults,
      "f:1:1: broken-row: a NUL byte: this is no CSV; a spreadsheet saves one as \"CSV UTF-8\"; "
      "nothing behind it was read\n");
  const Read later = read("a,b\n1,\"" + zeros + "\"\n3\n");
  EXPECT_EQ(later.rows, "1:a|b");
  EXPECT_EQ(later.faults.substr(0, 30), "f:2:3: broken-row: a NUL byte:");

  const std::string most(CsvReader::kMaxField, 'x');
  EXPECT_EQ(read("a,b\n" + most + ",\"" + most + "\"\n").faults, "");
  for (const std::string& field : {most + "x", "\"" + most + "x\"", "\"" + most + "\n,\n"}) {
    const Read got = read("a,b\n1,2\n" + field + ",2\n1\n");
    EXPECT_EQ(got.rows, "1:a|b 2:1|2");
    EXPECT_EQ(
        got.faults,
        "f:3:1: broken-row: a field has more than 65536 bytes: is a quote open that should be "
        "closed?; nothing behind it was read\n");
  }

  const std::string wide(CsvReader::kMaxColumns - 1, ',');
  EXPECT_EQ(read(wide + "\n").faults, "");
  EXPECT_EQ(read("a\n" + wide + ",\nb,c\n").faults,
            "f:2:4097: broken-row: a row has more than 4096 fields; nothing behind it was read\n");
}

TEST(CsvReader, AFullListOfFaultsEndsTheReading) {
  std::string text = "a,b\n";
  for (std::size_t i = 0; i < FaultList::kMost; ++i) {
    text += "1\n";
  }
  const Read got = read(text + "1,2\n");
  EXPECT_EQ(got.rows, "1:a|b");
  EXPECT_EQ(std::count(got.faults.begin(), got.faults.end(), '\n'), 1000);
}

}  // namespace
}  // namespace dialtone::importing
