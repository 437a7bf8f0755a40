// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/report/axis.h"

#include "bench/emu/report/html.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <utility>

namespace dialtone::emu {
namespace {

// "0.25", "5", "1,500": as few digits as say it.
std::string label(double value) {
  if (value >= 1000) {
    return grouped(static_cast<std::uint64_t>(value));
  }
  char text[32];
  std::snprintf(text, sizeof(text), "%.6g", value);
  return text;
}

std::string ms_label(double ms) {
  return ms >= 1000 ? label(ms / 1000) + " s"
         : ms >= 1  ? label(ms) + " ms"
                    : label(ms * 1000) + " µs";
}

}  // namespace

double Axis::share(double value) const noexcept {
  return std::clamp((value - from) / (to - from), 0.0, 1.0);
}

Axis linear_axis(std::string title, double to) {
  Axis axis{.title = std::move(title), .from = 0, .to = to > 0 ? to : 1};
  const double rough = axis.to / 5;
  const double power = std::pow(10, std::floor(std::log10(rough)));
  double step = 10 * power;
  for (const double each : {1.0, 2.0, 5.0}) {
    if (each * power >= rough) {
      step = each * power;
      break;
    }
  }
  axis.to = std::ceil(axis.to / step - 1e-9) * step;
  for (double at = 0; at <= axis.to + step / 2; at += step) {
    axis.ticks.push_back({at, label(at)});
  }
  return axis;
}

Axis log_ms_axis(std::string title, double least_ms, double most_ms) {
  const double from = std::floor(std::log10(std::max(least_ms, 1e-3)));
  const double to = std::max(std::ceil(std::log10(std::max(most_ms, 1e-3))), from + 1);
  Axis axis{.title = std::move(title), .from = from, .to = to};
  for (double power = from; power <= to + 0.5; ++power) {
    axis.ticks.push_back({power, ms_label(std::pow(10, power))});
  }
  return axis;
}

Axis nines_axis(std::string title, int nines) {
  Axis axis{.title = std::move(title), .from = 0, .to = static_cast<double>(nines)};
  axis.ticks = {{0, "0 %"}, {-std::log10(0.5), "50 %"}};
  std::string text = "90";
  for (int i = 1; i <= nines; ++i) {
    axis.ticks.push_back({static_cast<double>(i), text + " %"});
    text = i == 1 ? "99" : i == 2 ? "99.9" : text + "9";
  }
  return axis;
}

}  // namespace dialtone::emu
