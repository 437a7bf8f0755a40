// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/report/comparison_page.h"

#include "bench/emu/report/chart.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace dialtone::emu {
namespace {

std::string value_text(double value) {
  return value == std::floor(value) && value >= 0 && value < 1e15
             ? grouped(static_cast<std::uint64_t>(value))
             : ms_text(value);
}

std::string range_text(const std::vector<double>& values) {
  const auto [least, most] = std::minmax_element(values.begin(), values.end());
  return value_text(*least) + " to " + value_text(*most);
}

std::string ratio_text(const Figure& figure) {
  return figure.has_ratio ? fixed(figure.ratio, 3) : "–";
}

std::string interval_text(const Figure& figure) {
  return figure.has_ratio ? fixed(figure.low, 3) + " to " + fixed(figure.high, 3) : "–";
}

std::string judgement(const Figure& figure) {
  return !figure.has_ratio ? "" : figure.differs() ? "differs" : "may be the same";
}

std::string figures_table(const Side& first, const Side& second, const Comparison& comparison) {
  std::string rows = "<tr><th>median of the repetitions</th><th class=\"n\">" +
                     html_text(first.name) + "</th><th class=\"n\">least to most</th>" +
                     "<th class=\"n\">" + html_text(second.name) +
                     "</th><th class=\"n\">least to most</th><th class=\"n\">ratio</th>"
                     "<th class=\"n\">95 %</th></tr>\n";
  for (const Figure& figure : comparison.figures) {
    rows += "<tr>" + cell(figure.title) + cell(value_text(figure.first_median), true) +
            cell(range_text(figure.first), true) + cell(value_text(figure.second_median), true) +
            cell(range_text(figure.second), true) +
            (figure.differs() ? "<td class=\"n\"><strong>" + ratio_text(figure) + "</strong></td>"
                              : cell(ratio_text(figure), true)) +
            cell(interval_text(figure), true) + "</tr>\n";
  }
  return table(rows);
}

// Of each repetition, the time to all files against the share of the phones.
std::string overlay(const Side& first, const Side& second) {
  constexpr int kNines = 4;
  constexpr std::size_t kReady = kPhases.size() - 1;
  double least = 1e9;
  double most = 1e-3;
  for (const Side* side : {&first, &second}) {
    for (const RunData& run : side->runs) {
      const auto times = run.sorted(kReady);
      if (!times.empty()) {
        least = std::min(least, static_cast<double>(times.front()) / 1e3);
        most = std::max(most, static_cast<double>(times.back()) / 1e3);
      }
    }
  }
  Chart chart("Time to all files, each repetition a line",
              nines_axis("share of the phones that kept to it", kNines),
              log_ms_axis("time since power-on", std::min(least, most), most));
  for (std::size_t number = 0; number < 2; ++number) {
    const Side& side = number == 0 ? first : second;
    for (std::size_t i = 0; i < side.runs.size(); ++i) {
      chart.add_line(
          number, i == 0 ? side.name : "",
          percentile_points(side.runs[i].sorted(kReady), side.runs[i].phones.size(), kNines));
    }
  }
  return chart.html();
}

std::string differences_table(const Side& first, const Side& second, const Comparison& comparison) {
  if (comparison.differences.empty()) {
    return "<p>All conditions are the same.</p>\n";
  }
  std::string rows = "<tr><th>condition</th><th>" + html_text(first.name) + "</th><th>" +
                     html_text(second.name) + "</th></tr>\n";
  for (const Comparison::Difference& each : comparison.differences) {
    rows += "<tr>" + cell(each.key) + "<td>" + code(each.first) + "</td><td>" + code(each.second) +
            "</td></tr>\n";
  }
  return table(rows);
}

}  // namespace

std::string comparison_page(const Side& first, const Side& second, const Comparison& comparison,
                            const std::vector<Budget>& budgets) {
  return page_of(
      "Two boot storms",
      "<h1>" + html_text(second.name) + " against " + html_text(first.name) +
          verdict_word(budgets) + "</h1>\n" + budget_list(budgets) + "<p>" +
          std::to_string(first.runs.size()) + " and " + std::to_string(second.runs.size()) +
          " repetitions. The ratio is " + html_text(second.name) + " by " + html_text(first.name) +
          "; in 95 of 100 resamples of the repetitions it lies in its interval, and where that "
          "does not have 1 in it, it is bold.</p>\n" +
          section("Figures", figures_table(first, second, comparison)) +
          section("Percentiles", overlay(first, second)) +
          section("Conditions that differ", differences_table(first, second, comparison)) +
          section("Conditions of the first run", key_table(first.runs.front().meta["conditions"])));
}

std::string comparison_text(const Side& first, const Side& second, const Comparison& comparison) {
  std::string out = "first: " + first.name + ", " + std::to_string(first.runs.size()) +
                    " runs; second: " + second.name + ", " + std::to_string(second.runs.size()) +
                    "\n";
  for (const Figure& figure : comparison.figures) {
    char line[160];
    std::snprintf(line, sizeof(line), "  %-34s %12s %12s   ratio %7s (%s) %s\n",
                  figure.title.c_str(), value_text(figure.first_median).c_str(),
                  value_text(figure.second_median).c_str(), ratio_text(figure).c_str(),
                  interval_text(figure).c_str(), judgement(figure).c_str());
    out += line;
  }
  for (const Comparison::Difference& each : comparison.differences) {
    out += "  differs: " + each.key + ": " + each.first + " | " + each.second + "\n";
  }
  return out;
}

}  // namespace dialtone::emu
