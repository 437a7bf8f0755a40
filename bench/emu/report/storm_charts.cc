// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/report/storm_charts.h"

#include "bench/emu/report/chart.h"
#include "bench/emu/report/html.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace dialtone::emu {
namespace {

using nlohmann::json;

constexpr std::size_t kCurvePoints = 300;
constexpr const char* kNothing = "<p>No phone has passed one of the phases.</p>\n";

// Times of all phones by phase, the least first.
using Times = std::array<std::vector<std::uint64_t>, kPhases.size()>;

Times times_of(const RunData& run) {
  Times times;
  for (std::size_t phase = 0; phase < kPhases.size(); ++phase) {
    times[phase] = run.sorted(phase);
  }
  return times;
}

struct Range {
  std::uint64_t least = UINT64_MAX;
  std::uint64_t most = 0;

  bool empty() const noexcept { return least > most; }
};

Range range_of(const Times& times) {
  Range range;
  for (const auto& each : times) {
    if (!each.empty()) {
      range.least = std::min(range.least, each.front());
      range.most = std::max(range.most, each.back());
    }
  }
  return range;
}

double ms_of(std::uint64_t us) {
  return static_cast<double>(us) / 1e3;
}

// The first phase tells: the others lie beyond it.
bool is_far_from_most(const Times& times, const Range& range) {
  constexpr std::uint64_t kFar = 20;
  const auto& first = times.front();
  return !first.empty() && range.most / kFar > first[first.size() / 2];
}

std::vector<Point> curve(const std::vector<std::uint64_t>& times, std::size_t phones,
                         bool logarithmic) {
  std::vector<Point> points;
  const auto add = [&](std::size_t i) {
    points.push_back({logarithmic ? std::log10(ms_of(times[i])) : ms_of(times[i]) / 1e3,
                      100 * static_cast<double>(i + 1) / static_cast<double>(phones)});
  };
  const std::size_t step = std::max<std::size_t>(times.size() / kCurvePoints, 1);
  for (std::size_t i = 0; i < times.size(); i += step) {
    add(i);
  }
  if (!times.empty()) {
    add(times.size() - 1);
    points.insert(points.begin(), {points.front().x, 0});
  }
  return points;
}

}  // namespace

std::string dial_tone_chart(const RunData& run) {
  const Times times = times_of(run);
  const Range range = range_of(times);
  if (range.empty()) {
    return kNothing;
  }
  const bool logarithmic = is_far_from_most(times, range);
  Chart chart("Phones that have passed each phase",
              logarithmic ? log_ms_axis("time since the planned power-on of each",
                                        ms_of(range.least), ms_of(range.most))
                          : linear_axis("seconds since the planned power-on of each",
                                        ms_of(range.most) / 1e3),
              linear_axis("% of the phones", 100));
  for (std::size_t phase = 0; phase < kPhases.size(); ++phase) {
    chart.add_line(phase, kPhaseTitles[phase], curve(times[phase], run.phones.size(), logarithmic));
  }
  return chart.html();
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
    names.push_back(words_of(name.get<std::string>()));
  }
  Chart chart("Requests by the second in which they were sent, and what became of them",
              linear_axis("seconds since the storm began", static_cast<double>(rows.size())),
              linear_axis("requests", most));
  chart.add_columns(names, rows);
  return chart.html();
}

std::string percentile_chart(const RunData& run) {
  constexpr int kNines = 5;
  const Times times = times_of(run);
  const Range range = range_of(times);
  if (range.empty()) {
    return kNothing;
  }
  Chart chart("Time to pass each phase", nines_axis("share of the phones that kept to it", kNines),
              log_ms_axis("time since power-on", ms_of(range.least), ms_of(range.most)));
  for (std::size_t phase = 0; phase < kPhases.size(); ++phase) {
    chart.add_line(phase, kPhaseTitles[phase],
                   percentile_points(times[phase], run.phones.size(), kNines));
  }
  return chart.html();
}

}  // namespace dialtone::emu
