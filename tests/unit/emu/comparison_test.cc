// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/report/comparison.h"

#include "bench/emu/report/comparison_page.h"
#include "tests/support/temp_folder.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace dialtone::emu {
namespace {

// One repetition: two phones of two, the slower of them after so many milliseconds.
RunData run_of(double p99_ms, const std::string& link, unsigned retries = 0) {
  RunData run;
  const nlohmann::json times{{"count", 2}, {"p50_ms", p99_ms / 2}, {"p99_ms", p99_ms}};
  run.meta = {{"phones", 2},
              {"ready", 2},
              {"failed", 0},
              {"seconds", p99_ms / 1e3},
              {"retries", retries},
              {"phases", {{"first_answer", times}, {"ready", times}}},
              {"generator", {{"received", 30}}},
              {"conditions", {{"link", link}, {"seed", 1}, {"command", std::to_string(p99_ms)}}}};
  run.phones = {{.outcome = "ready", .phase_us = {1, 1, 1, 500}},
                {.outcome = "ready", .phase_us = {1, 1, 1, 900}}};
  return run;
}

Side side_of(const std::string& name, const std::vector<double>& p99s, const std::string& link) {
  Side side{.name = name};
  for (const double p99 : p99s) {
    side.runs.push_back(run_of(p99, link));
  }
  return side;
}

const Figure* find(const Comparison& comparison, const std::string& key) {
  for (const Figure& figure : comparison.figures) {
    if (figure.key == key) {
      return &figure;
    }
  }
  return nullptr;
}

TEST(Comparison, ASingleRunIsRefusedWithTheCure) {
  const auto refused = compare(side_of("a", {10}, "veth"), side_of("b", {10, 11, 12}, "veth"));
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().text.find("a has 1 records"), std::string::npos)
      << refused.error().text;
  EXPECT_NE(refused.error().text.find("--record a/1"), std::string::npos) << refused.error().text;
}

TEST(Comparison, TheRatioOfTheMediansLiesInItsInterval) {
  const auto far =
      compare(side_of("a", {100, 110, 90}, "veth"), side_of("b", {10, 12, 11}, "veth"));
  ASSERT_TRUE(far) << far.error().text;
  const Figure* p99 = find(*far, "ready_p99_ms");
  ASSERT_NE(p99, nullptr);
  EXPECT_DOUBLE_EQ(p99->ratio, 0.11);
  EXPECT_LE(p99->low, p99->ratio);
  EXPECT_GE(p99->high, p99->ratio);
  EXPECT_GE(p99->low, 10.0 / 110);
  EXPECT_LE(p99->high, 12.0 / 90);
  EXPECT_TRUE(p99->differs());
  const auto near = compare(side_of("a", {10, 14, 12}, "veth"), side_of("b", {11, 13, 12}, "veth"));
  EXPECT_FALSE(find(*near, "ready_p99_ms")->differs());
}

TEST(Comparison, WhatIsNothingHasNoRatio) {
  const auto both = compare(side_of("a", {1, 2, 3}, "veth"), side_of("b", {1, 2, 3}, "veth"));
  const Figure* retries = find(*both, "retries");
  ASSERT_NE(retries, nullptr);
  EXPECT_FALSE(retries->has_ratio);
  EXPECT_FALSE(comparison_document(*both)["retries"].contains("ratio"));
  EXPECT_EQ(find(*both, "ready_max_ms"), nullptr);  // no run says it
}

TEST(Comparison, ConditionsThatDifferAreNamed) {
  const auto both = compare(side_of("a", {1, 2, 3}, "veth"), side_of("b", {1, 2, 3}, "memif"));
  ASSERT_EQ(both->differences.size(), 1u);
  EXPECT_EQ(both->differences[0].key, "link");
  EXPECT_EQ(both->differences[0].second, "memif");
}

TEST(Comparison, BothPagesSayWhatIsCompared) {
  const Side first = side_of("a<", {100, 110, 90}, "veth");
  const Side second = side_of("b", {10, 12, 11}, "memif");
  const auto both = compare(first, second);
  const std::string page =
      comparison_page(first, second, *both, {{"ready_p99_ms.ratio < 0.1", false, "it is 0.11"}});
  for (const char* part : {"b against a&lt;", "3 and 3 repetitions", "0.110", "✗", "memif"}) {
    EXPECT_NE(page.find(part), std::string::npos) << part;
  }
  const std::string text = comparison_text(first, second, *both);
  EXPECT_NE(text.find("ratio   0.110"), std::string::npos) << text;
  EXPECT_NE(text.find("differs: link: veth | memif"), std::string::npos) << text;
}

TEST(ReadSide, ARecordOrAFolderOfThem) {
  const test::TempFolder folder;
  EXPECT_FALSE(read_side(folder.path() + "/nosuch"));
  const auto none = read_side(folder.path());
  ASSERT_TRUE(none);
  EXPECT_TRUE(none->runs.empty());
  folder.write("1/meta.json", "{}");
  EXPECT_FALSE(read_side(folder.path()));         // no record of a storm
  EXPECT_FALSE(read_side(folder.path() + "/1"));  // nor this
}

}  // namespace
}  // namespace dialtone::emu
