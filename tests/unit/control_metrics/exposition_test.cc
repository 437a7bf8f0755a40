// SPDX-License-Identifier: Apache-2.0
#include "control/metrics/exposition.h"

#include "control/metrics/histogram.h"

#include <gtest/gtest.h>

namespace dialtone::metrics {
namespace {

std::string requests(Format format) {
  Exposition out(format);
  out.begin_counter("dialtone_requests", "Requests, by \"outcome\".");
  out.add(7, {{"outcome", "served"}, {"proto", "tftp"}});
  out.add(0, {{"outcome", "a\"b\\c\nd"}});
  out.begin_gauge("dialtone_files", "Files.");
  out.add(3);
  return std::move(out).finish();
}

TEST(Exposition, ThePrometheusTextNamesACounterWithItsEnding) {
  EXPECT_EQ(requests(Format::kPrometheus),
            "# HELP dialtone_requests_total Requests, by \"outcome\".\n"
            "# TYPE dialtone_requests_total counter\n"
            "dialtone_requests_total{outcome=\"served\",proto=\"tftp\"} 7\n"
            "dialtone_requests_total{outcome=\"a\\\"b\\\\c\\nd\"} 0\n"
            "# HELP dialtone_files Files.\n"
            "# TYPE dialtone_files gauge\n"
            "dialtone_files 3\n");
}

TEST(Exposition, OpenMetricsNamesTheFamilyWithoutItAndHasAnEnd) {
  EXPECT_EQ(requests(Format::kOpenMetrics),
            "# HELP dialtone_requests Requests, by \\\"outcome\\\".\n"
            "# TYPE dialtone_requests counter\n"
            "dialtone_requests_total{outcome=\"served\",proto=\"tftp\"} 7\n"
            "dialtone_requests_total{outcome=\"a\\\"b\\\\c\\nd\"} 0\n"
            "# HELP dialtone_files Files.\n"
            "# TYPE dialtone_files gauge\n"
            "dialtone_files 3\n"
            "# EOF\n");
}

TEST(Exposition, AHistogramCountsUpFromBoundToBound) {
  Exposition out(Format::kPrometheus);
  out.begin_histogram("t_seconds", "Times.");
  out.add_histogram({{0.003, 1}}, {{2, 0, 1}}, 4.5, {{"kind", "full"}});
  EXPECT_EQ(std::move(out).finish(),
            "# HELP t_seconds Times.\n"
            "# TYPE t_seconds histogram\n"
            "t_seconds_bucket{kind=\"full\",le=\"0.003\"} 2\n"
            "t_seconds_bucket{kind=\"full\",le=\"1.0\"} 2\n"
            "t_seconds_bucket{kind=\"full\",le=\"+Inf\"} 3\n"
            "t_seconds_sum{kind=\"full\"} 4.5\n"
            "t_seconds_count{kind=\"full\"} 3\n");
}

TEST(Exposition, ATimeIsInTheRangeThatEndsWithIt) {
  Histogram histogram;
  histogram.add_us(1000);
  histogram.add_us(1001);
  histogram.add_us(60'000'000);
  Exposition out(Format::kPrometheus);
  out.begin_histogram("t_seconds", "Times.");
  histogram.write(out, {});
  const std::string text = std::move(out).finish();
  for (const char* line : {"{le=\"0.0003\"} 0\n", "{le=\"0.001\"} 1\n", "{le=\"0.003\"} 2\n",
                           "{le=\"10.0\"} 2\n", "{le=\"+Inf\"} 3\n", "t_seconds_sum 60.002001\n"}) {
    EXPECT_NE(text.find(line), std::string::npos) << line << text;
  }
}

TEST(Exposition, WhoAcceptsOpenMetricsGetsIt) {
  EXPECT_EQ(format_for(""), Format::kPrometheus);
  EXPECT_EQ(format_for("text/plain;version=0.0.4;q=0.5,*/*;q=0.1"), Format::kPrometheus);
  EXPECT_EQ(format_for("application/openmetrics-text;version=1.0.0,text/plain;q=0.5"),
            Format::kOpenMetrics);
}

}  // namespace
}  // namespace dialtone::metrics
