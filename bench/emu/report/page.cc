// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/report/page.h"

#include "bench/emu/report/chart.h"
#include "bench/emu/report/html.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace dialtone::emu {
namespace {

using nlohmann::json;

constexpr std::size_t kCurvePoints = 300;
constexpr std::size_t kSlowest = 10;
constexpr std::array<const char*, 4> kPhaseTitles{"first answer", "trust lists", "configuration",
                                                  "ready"};

std::string ms(std::uint64_t us) {
  return ms_text(static_cast<double>(us) / 1e3);
}

std::uint64_t whole(const json& meta, const char* key) {
  return meta.value(key, std::uint64_t{0});
}

// ---- what is decided

std::string verdict(const RunData& run, const std::vector<Budget>& budgets) {
  const std::uint64_t phones = whole(run.meta, "phones");
  const std::uint64_t ready = whole(run.meta, "ready");
  const bool passed = std::all_of(budgets.begin(), budgets.end(),
                                  [](const Budget& budget) { return budget.holds; });
  const std::vector<std::uint64_t> times = run.sorted(kPhases.size() - 1);
  std::string out = "<h1>" + grouped(ready) + " of " + grouped(phones) + " phones came up";
  if (!times.empty()) {
    out += ", the last " + ms(times.back()) + " ms after its power-on";
  }
  if (!budgets.empty()) {
    out += std::string(": <span class=\"") + (passed ? "pass\">PASS" : "fail\">FAIL") + "</span>";
  }
  return out + "</h1>\n" + budget_list(budgets);
}

// ---- charts

// The share of all phones that has passed a phase, against time.
std::vector<Point> curve(const std::vector<std::uint64_t>& times, std::size_t phones) {
  std::vector<Point> points{{0, 0}};
  const std::size_t step = std::max<std::size_t>(times.size() / kCurvePoints, 1);
  for (std::size_t i = 0; i < times.size(); i += step) {
    points.push_back({static_cast<double>(times[i]) / 1e6,
                      100 * static_cast<double>(i + 1) / static_cast<double>(phones)});
  }
  if (!times.empty()) {
    points.push_back({static_cast<double>(times.back()) / 1e6,
                      100 * static_cast<double>(times.size()) / static_cast<double>(phones)});
  }
  return points;
}

std::string dial_tone_chart(const RunData& run) {
  double last = 0;
  for (std::size_t phase = 0; phase < kPhases.size(); ++phase) {
    const auto times = run.sorted(phase);
    last = std::max(last, times.empty() ? 0 : static_cast<double>(times.back()) / 1e6);
  }
  Chart chart("Phones that have passed each phase",
              linear_axis("seconds since the planned power-on of each", last),
              linear_axis("% of the phones", 100));
  for (std::size_t phase = 0; phase < kPhases.size(); ++phase) {
    chart.add_line(phase, kPhaseTitles[phase],
                   curve(run.sorted(phase), std::max<std::size_t>(run.phones.size(), 1)));
  }
  return chart.svg();
}

std::string fates_chart(const json& meta) {
  std::vector<std::vector<double>> rows;
  double most = 1;
  for (const json& second : meta["fates"]["seconds"]) {
    rows.push_back(second.get<std::vector<double>>());
    double sum = 0;
    for (const double each : rows.back()) {
      sum += each;
    }
    most = std::max(most, sum);
  }
  std::vector<std::string> names;
  for (const json& name : meta["fates"]["names"]) {
    std::string text = name.get<std::string>();
    std::replace(text.begin(), text.end(), '_', ' ');
    names.push_back(text);
  }
  Chart chart("Requests by the second in which they were sent, and what became of them",
              linear_axis("seconds since the storm began", static_cast<double>(rows.size())),
              linear_axis("requests", most));
  chart.add_columns(names, rows);
  return chart.svg();
}

std::string percentile_chart(const RunData& run) {
  constexpr int kNines = 5;
  double least = 1e9;
  double most = 1e-3;
  for (std::size_t phase = 0; phase < kPhases.size(); ++phase) {
    const auto times = run.sorted(phase);
    if (!times.empty()) {
      least = std::min(least, static_cast<double>(times.front()) / 1e3);
      most = std::max(most, static_cast<double>(times.back()) / 1e3);
    }
  }
  Chart chart("Percentiles", nines_axis("share of the phones that kept to it", kNines),
              log_ms_axis("time since power-on", std::min(least, most), most));
  for (std::size_t phase = 0; phase < kPhases.size(); ++phase) {
    chart.add_line(phase, kPhaseTitles[phase],
                   percentile_points(run.sorted(phase), run.phones.size(), kNines));
  }
  return chart.svg();
}

// ---- tables

std::string accounting(const json& meta) {
  std::uint64_t sum = 0;
  std::string out = "<table><tr>";
  std::string row = "<tr>";
  for (const json& name : meta["fates"]["names"]) {
    const std::string key = name.get<std::string>();
    const std::uint64_t count = whole(meta["fates"]["sums"], key.c_str());
    sum += count;
    out += "<th class=\"n\">" + html_text(key) + "</th>";
    row += cell(grouped(count), true);
  }
  const auto sent = static_cast<std::int64_t>(whole(meta, "requests"));
  return out + "<th class=\"n\">sent</th><th class=\"n\">unaccounted</th></tr>" + row +
         cell(grouped(whole(meta, "requests")), true) +
         cell(std::to_string(sent - static_cast<std::int64_t>(sum)), true) + "</tr></table>\n";
}

std::string phase_table(const json& meta) {
  std::string out = "<table><tr><th>phase</th><th class=\"n\">phones</th>";
  for (const char* column : {"p50", "p90", "p99", "p99.9", "last"}) {
    out += "<th class=\"n\">" + std::string(column) + " ms</th>";
  }
  out += "</tr>\n";
  for (std::size_t phase = 0; phase < kPhases.size(); ++phase) {
    const json& times = meta["phases"][std::string(kPhases[phase])];
    out += "<tr>" + cell(kPhaseTitles[phase]) + cell(grouped(whole(times, "count")), true);
    for (const char* key : {"p50_ms", "p90_ms", "p99_ms", "p999_ms", "max_ms"}) {
      out += cell(times.contains(key) ? ms_text(times.value(key, 0.0)) : "–", true);
    }
    out += "</tr>\n";
  }
  return out + "</table>\n";
}

std::string slowest_table(const RunData& run) {
  std::vector<const PhoneRun*> phones;
  for (const PhoneRun& phone : run.phones) {
    phones.push_back(&phone);
  }
  // Who has not come up is slower than all who have.
  const auto is_slower = [](const PhoneRun* one, const PhoneRun* other) {
    const bool one_up = one->outcome == "ready";
    const bool other_up = other->outcome == "ready";
    return one_up != other_up ? other_up : one->phase_us.back() > other->phase_us.back();
  };
  const std::size_t shown = std::min(kSlowest, phones.size());
  std::partial_sort(phones.begin(), phones.begin() + static_cast<std::ptrdiff_t>(shown),
                    phones.end(), is_slower);
  std::string out =
      "<table><tr><th>MAC</th><th>model</th><th>outcome</th><th>file asked for last</th>"
      "<th class=\"n\">first answer ms</th><th class=\"n\">configuration ms</th>"
      "<th class=\"n\">end ms</th><th class=\"n\">again</th></tr>\n";
  for (std::size_t i = 0; i < shown; ++i) {
    const PhoneRun& phone = *phones[i];
    out += "<tr>" + cell(phone.mac) + cell(phone.model) + cell(phone.outcome) + cell(phone.file) +
           cell(ms(phone.phase_us[0]), true) + cell(ms(phone.phase_us[2]), true) +
           cell(ms(phone.phase_us[3]), true) + cell(grouped(phone.retries), true) + "</tr>\n";
  }
  return out + "</table>\n";
}

// Where the generator was as slow as what it measured.
std::string limits(const json& meta) {
  std::string out;
  for (const json& limit : meta["generator"].value("limits", json::array())) {
    out += "<p class=\"fail\">It was a limit itself: " + html_text(limit.get<std::string>()) +
           ".</p>\n";
  }
  return out;
}

std::string correctness(const json& meta) {
  return "<p>" + grouped(whole(meta, "files")) + " files came whole; " +
         grouped(whole(meta, "verified")) +
         " were held against the origin and are byte for byte the "
         "same; " +
         grouped(whole(meta, "wrong_bytes")) + " phones got a wrong one, " +
         grouped(whole(meta, "torn")) + " one of two states.</p>\n";
}

}  // namespace

std::string report_page(const RunData& run, const std::vector<Budget>& budgets) {
  return page_of(
      "Boot storm",
      verdict(run, budgets) +
          section("Time to come up",
                  "<p class=\"quiet\">Up is who has all the files of its boot; dial tone needs the "
                  "call manager as well, which is not in this.</p>" +
                      dial_tone_chart(run) + phase_table(run.meta)) +
          section("Requests", fates_chart(run.meta) + accounting(run.meta)) +
          section("Percentiles", percentile_chart(run)) +
          section("Who was last", slowest_table(run)) +
          section("Correctness", correctness(run.meta)) +
          section("The generator itself", limits(run.meta) + key_table(run.meta["generator"])) +
          section("Conditions", key_table(run.meta["conditions"])));
}

}  // namespace dialtone::emu
