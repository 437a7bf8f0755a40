// SPDX-License-Identifier: Apache-2.0
#include "control/cli/check_metrics.h"

#include "control/cli/check_scrape.h"
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
    const auto checked = check_metrics(folder_.file("c.json"), 0, now);
    EXPECT_TRUE(checked.ok());
    std::string lines;
    for (const std::string& line : checked->disagreements) {
      lines += line + "\n";
    }
    return lines;
  }
  Error refusal(const std::string& name) {
    return check_metrics(folder_.file(name), 0, counted(1, 1)).error();
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
  EXPECT_EQ(refusal("c.json").code, ErrorCode::kRefused);
  EXPECT_EQ(refusal("none.json").code, ErrorCode::kFailed);
  folder_.write("deep.json", std::string(1000, '['));
  EXPECT_EQ(refusal("deep.json").code, ErrorCode::kRefused);
}

TEST_F(CheckMetrics, WhatIsTooLargeIsRefused) {
  folder_.write("c.json", std::string((std::size_t{1} << 20) + 1, ' '));
  EXPECT_EQ(refusal("c.json").code, ErrorCode::kRefused);
  EXPECT_EQ(refusal("c.json").text,
            folder_.file("c.json") + " has more than 1 MiB; is it the right file?");
}

TEST_F(CheckMetrics, StandardInputIsRead) {
  const auto input = api::text_memfd(Json{{"ok", true}, {"result", counted(5, 3)}}.dump());
  const auto checked = check_metrics("-", input->get(), counted(5, 3));
  ASSERT_TRUE(checked.ok());
  EXPECT_EQ(checked->counters, 2U);
}

class CheckScrape : public CheckMetrics {
 protected:
  static std::string scraped(const std::string& text, int before, int behind) {
    MetricsCheck check;
    Json first = counted(before, 3);
    first["counters"].push_back(Json{{"name", "sessions_active"}, {"value", 3}});
    check_scrape(text, first, counted(behind, 3), check);
    EXPECT_EQ(check.metrics, 2U);
    std::string lines;
    for (const std::string& line : check.disagreements) {
      lines += line + "\n";
    }
    return lines;
  }
  static std::string page(const std::string& requests, const std::string& type = "counter") {
    return "# HELP dialtone_dataplane_requests_total Requests.\n"
           "# TYPE dialtone_dataplane_requests_total " +
           type + "\ndialtone_dataplane_requests_total " + requests +
           "\n# TYPE dialtone_dataplane_sessions_active gauge\n"
           "dialtone_dataplane_sessions_active 99\n"
           "dialtone_requests_total{outcome=\"served\"} 1\n";
  }
};

TEST_F(CheckScrape, WhatLiesBetweenTwoReadingsAgrees) {
  for (const char* value : {"5", "6", "7"}) {
    EXPECT_EQ(scraped(page(value), 5, 7), "");
  }
}

TEST_F(CheckScrape, AnotherValueTypeOrNameIsNamed) {
  EXPECT_EQ(scraped(page("4"), 5, 7),
            "dialtone_dataplane_requests_total is 4 in the scrape, and was 5 before and 7 behind "
            "it\n");
  EXPECT_EQ(scraped(page("5", "gauge"), 5, 7),
            "dialtone_dataplane_requests_total is no counter in the scrape\n");
  EXPECT_EQ(scraped("", 5, 7),
            "dialtone_dataplane_requests_total is not in the scrape\n"
            "dialtone_dataplane_sessions_active is not in the scrape\n");
}

}  // namespace
}  // namespace dialtone::cli
