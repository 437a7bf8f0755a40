// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/report/chart.h"
#include "bench/emu/report/html.h"
#include "bench/emu/report/page.h"
#include "bench/emu/report/run_data.h"
#include "bench/emu/report/storm_charts.h"
#include "tests/support/temp_folder.h"

#include <gtest/gtest.h>

#include <string>

namespace dialtone::emu {
namespace {

const std::string kMeta = R"({
  "phones": 2, "ready": 1, "failed": 1, "unaccounted": 1, "requests": 5, "files": 1, "verified": 1, "wrong_bytes": 0,
  "phases": {"first_answer": {"count": 2, "max_ms": 2.5}, "trust": {"count": 2},
             "config": {"count": 1}, "ready": {"count": 1}},
  "fates": {"names": ["served", "not_found"], "sums": {"served": 1, "not_found": 3},
            "seconds": [[1, 3]]},
  "generator": {"sent": 12, "limits": ["it was busy"]}, "conditions": {"link": "veth<0>"}})";
const std::string kLines =
    R"({"mac":"02:00:00:00:00:01","model":"7941","outcome":"ready","first_answer_us":500,"trust_us":900,"config_us":2000,"ready_us":2000})"
    "\n"
    R"({"mac":"02:00:00:00:00:02","model":"7941","outcome":"unserved","file":"a.xml","first_answer_us":700,"ready_us":60000000})"
    "\n";

Result<RunData> read(const std::string& meta, const std::string& lines) {
  const test::TempFolder folder;
  folder.write("meta.json", meta);
  folder.write("run.jsonl", lines);
  return read_run(folder.path());
}

TEST(RunData, IsReadBack) {
  const auto run = read(kMeta, kLines);
  ASSERT_TRUE(run) << run.error().text;
  ASSERT_EQ(run->phones.size(), 2u);
  EXPECT_EQ(run->sorted(0), (std::vector<std::uint64_t>{500, 700}));
  EXPECT_EQ(run->sorted(3), (std::vector<std::uint64_t>{2000}));  // who is ready
}

TEST(RunData, WhatIsNoRecordIsRefused) {
  for (const char* meta :
       {"", "[]", "{}", R"({"phases":{},"fates":[],"generator":{},"conditions":{}})"}) {
    EXPECT_FALSE(read(meta, kLines)) << meta;
  }
  const auto bad = read(kMeta, "{}\nx\n");
  ASSERT_FALSE(bad);
  EXPECT_NE(bad.error().text.find("run.jsonl:2"), std::string::npos);
  EXPECT_FALSE(read_run("/nosuch"));
  EXPECT_FALSE(read(kMeta, ""));  // the two files are of one storm
  EXPECT_FALSE(read(kMeta, "{\"outcome\":\"ready\",\"ready_us\":-1}\n{}\n"));
}

TEST(ReportPage, SaysTheVerdictFirst) {
  const auto run = read(kMeta, kLines);
  const std::string page =
      report_page(*run, {{"ready==2", false, "ready is 1"}, {"wrong_bytes==0", true, ""}});
  EXPECT_NE(page.find("1 of 2 phones came up"), std::string::npos);
  EXPECT_NE(page.find("FAIL"), std::string::npos);
  EXPECT_NE(page.find("ready is 1"), std::string::npos);
  EXPECT_LT(page.find("FAIL"), page.find("<svg"));
  EXPECT_EQ(report_page(*run, {{"ready==1", true, ""}}).find("FAIL"), std::string::npos);
}

TEST(ReportPage, LeavesNothingUnsaid) {
  const auto run = read(kMeta, kLines);
  const std::string page = report_page(*run, {});
  // 5 requests were sent, and what became of one is not known.
  EXPECT_NE(page.find("<td class=\"n\">5</td><td class=\"n\">1</td>"), std::string::npos);
  // Who has not come up is the slowest of all.
  EXPECT_LT(page.find("02:00:00:00:00:02"), page.find("02:00:00:00:00:01"));
  EXPECT_NE(page.find("veth&lt;0&gt;"), std::string::npos);
  EXPECT_EQ(page.find("veth<0>"), std::string::npos);
}

// Of one phone in 100 that takes `slow_us` longer than the others.
RunData with_a_slow_phone(std::uint64_t slow_us) {
  RunData run;
  for (std::uint64_t i = 0; i < 100; ++i) {
    const std::uint64_t us = 1'000'000 + i + (i == 0 ? slow_us : 0);
    run.phones.push_back({.outcome = "ready", .phase_us = {us, us, us, us}});
  }
  return run;
}

TEST(DialToneChart, TakesTheAxisOnWhichMostPhonesAreSeen) {
  const std::string even = dial_tone_chart(with_a_slow_phone(2'000'000));
  EXPECT_NE(even.find(">seconds since"), std::string::npos);
  EXPECT_NE(even.find(">3<"), std::string::npos);
  const std::string far = dial_tone_chart(with_a_slow_phone(60'000'000));
  EXPECT_NE(far.find(">time since"), std::string::npos);
  EXPECT_NE(far.find(">100 s<"), std::string::npos);
}

TEST(ReportPage, WhatNeverWasHasNoTime) {
  const std::string page = report_page(*read(kMeta, kLines), {});
  const std::size_t last = page.find("02:00:00:00:00:02");
  EXPECT_NE(page.find("<td class=\"n\">–</td><td class=\"n\">60,000</td>", last),
            std::string::npos);
}

TEST(ReportPage, SaysWhereTheGeneratorWasALimit) {
  const auto run = read(kMeta, kLines);
  EXPECT_NE(report_page(*run, {}).find("It was a limit itself: it was busy."), std::string::npos);
}

TEST(ReportPage, NeedsNoNetworkAndNoScript) {
  const std::string page = report_page(*read(kMeta, kLines), {});
  for (const char* word : {"http:", "https:", "<script", "<link", "src="}) {
    EXPECT_EQ(page.find(word), std::string::npos) << word;
  }
}

TEST(ReportPage, OfAStormInWhichNobodyCameUp) {
  std::string meta = kMeta;
  meta.replace(meta.find("\"phones\": 2, \"ready\": 1"), 23, "\"phones\": 0, \"ready\": 0");
  const auto run = read(meta, "");
  ASSERT_TRUE(run) << run.error().text;
  EXPECT_NE(report_page(*run, {}).find("No phone has passed one"), std::string::npos);
}

TEST(Chart, AxesHaveRoundSteps) {
  const Axis axis = linear_axis("s", 8.05);
  EXPECT_EQ(axis.to, 10);
  EXPECT_EQ(axis.ticks.size(), 6u);
  EXPECT_EQ(axis.ticks[1].text, "2");
  EXPECT_EQ(linear_axis("n", 43'000).ticks[1].text, "10,000");
  EXPECT_EQ(linear_axis("n", 4300).ticks[1].text, "1,000");
  EXPECT_EQ(linear_axis("n", 0).ticks.back().text, "1");
  const Axis times = log_ms_axis("t", 0.5, 8000);
  EXPECT_EQ(times.ticks.front().text, "100 µs");
  EXPECT_EQ(times.ticks.back().text, "10 s");
  EXPECT_EQ(nines_axis("p", 3).ticks.back().text, "99.9 %");
}

TEST(Chart, IsDrawnForWideAndForNarrowWindows) {
  Chart chart("a<b", nines_axis("p", 5), linear_axis("n", 500'000));
  chart.add_line(2, "one", {{0, 0}, {1, 1}});
  chart.add_line(2, "", {{0, 1}, {1, 0}});
  const std::string html = chart.html();
  const std::string wide = html.substr(0, html.find("class=\"narrow\""));
  const std::string narrow = html.substr(wide.size());
  EXPECT_NE(wide.find("<figcaption>a&lt;b</figcaption>"), std::string::npos);
  EXPECT_EQ(html.find("<li>"), html.rfind("<li>"));  // a line without a name is not in the legend
  for (const std::string& each : {wide, narrow}) {
    EXPECT_NE(each.find("500,000"), std::string::npos);
    EXPECT_NE(each.find("99.999 %"), std::string::npos);
    EXPECT_NE(each.find("class=\"line line2\""), std::string::npos);
  }
  EXPECT_NE(wide.find(">50 %<"), std::string::npos);
  EXPECT_EQ(narrow.find(">50 %<"), std::string::npos);  // there is no room for it
}

TEST(Html, WordsOfACommandStayWhole) {
  EXPECT_EQ(code("a --b <c>"),
            "<code><span>a</span> <span>--b</span> <span>&lt;c&gt;</span></code>");
  EXPECT_EQ(code(""), "<code></code>");
}

TEST(Html, TimesHaveFourDigitsOrSo) {
  EXPECT_EQ(ms_text(4.2), "4.200");
  EXPECT_EQ(ms_text(420), "420.0");
  EXPECT_EQ(ms_text(60'000.4), "60,000");
}

}  // namespace
}  // namespace dialtone::emu
