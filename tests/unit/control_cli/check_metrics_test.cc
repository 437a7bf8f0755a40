// SPDX-License-Identifier: Apache-2.0
#include "control/cli/check_metrics.h"

#include "tests/support/temp_folder.h"

#include <gtest/gtest.h>

namespace dialtone::cli {
namespace {

using api::Json;

class CheckMetrics : public testing::Test {
 protected:
  static Json counted(int requests, int active) {
    return Json{{"counters", Json::array({Json{{"name", "requests"}, {"value", requests}}})},
                {"values", Json{{"requests", requests}, {"sessions_active", active}}},
                {"levels", Json::array({"sessions_active"})}};
  }
  std::string check(const Json& before, const Json& now) {
    folder_.write("c.json", Json{{"ok", true}, {"result", before}}.dump());
    const auto checked = check_metrics(folder_.file("c.json"), now);
    EXPECT_TRUE(checked.ok());
    std::string lines;
    for (const std::string& line : checked->disagreements) {
      lines += line + "\n";
    }
    return lines;
  }

  test::TempFolder folder_;
};

TEST_F(CheckMetrics, WhatCountsOnAgrees) {
  EXPECT_EQ(check(counted(5, 3), counted(7, 1)), "");
}

TEST_F(CheckMetrics, WhatHasFallenOrIsMissingIsNamed) {
  EXPECT_EQ(check(counted(5, 3), counted(4, 3)),
            "requests has fallen from 5 to 4: the dataplane was started anew, or is another one\n");
  Json more = counted(5, 3);
  more["values"]["new"] = 1;
  EXPECT_EQ(check(counted(5, 3), more), "new is not in the file\n");
  EXPECT_EQ(check(more, counted(5, 3)), "new is no counter of this dataplane\n");
}

TEST_F(CheckMetrics, AListThatSaysSomethingElseIsNamed) {
  Json wrong = counted(5, 3);
  wrong["counters"][0]["value"] = 6;
  EXPECT_EQ(check(wrong, counted(5, 3)),
            "requests is 6 in the list, and 5 by its name, in the file\n");
}

TEST_F(CheckMetrics, WhatIsNoCountersIsRefused) {
  folder_.write("c.json", "{\"ok\":true}");
  EXPECT_EQ(check_metrics(folder_.file("c.json"), counted(1, 1)).error().code, ErrorCode::kRefused);
  EXPECT_EQ(check_metrics(folder_.file("none.json"), counted(1, 1)).error().code,
            ErrorCode::kFailed);
}

}  // namespace
}  // namespace dialtone::cli
