// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/report/chart.h"

#include "bench/emu/report/html.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace dialtone::emu {
namespace {

constexpr double kWidth = 860;
constexpr double kHeight = 320;
constexpr double kLeft = 70;
constexpr double kRight = 30;
constexpr double kTop = 40;
constexpr double kBottom = 45;
constexpr double kLetter = 6.6;  // width of one in the legend

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.1f", value);
  return text;
}

// "0.25", "5", "10,000": as few digits as say it.
std::string label(double value) {
  if (value >= 10'000) {
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

std::string text_at(double x, double y, const char* css, const std::string& text) {
  return "<text class=\"" + std::string(css) + "\" x=\"" + number(x) + "\" y=\"" + number(y) +
         "\">" + html_text(text) + "</text>";
}

std::string line(double x1, double y1, double x2, double y2, const char* css) {
  return "<line class=\"" + std::string(css) + "\" x1=\"" + number(x1) + "\" y1=\"" + number(y1) +
         "\" x2=\"" + number(x2) + "\" y2=\"" + number(y2) + "\"/>";
}

}  // namespace

Axis linear_axis(std::string title, double to) {
  Axis axis{.title = std::move(title), .from = 0, .to = std::max(to, 1e-9)};
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

Chart::Chart(std::string title, Axis x, Axis y)
    : title_(std::move(title)), x_(std::move(x)), y_(std::move(y)), legend_x_(kLeft) {}

double Chart::x_of(double value) const noexcept {
  const double share = (value - x_.from) / (x_.to - x_.from);
  return kLeft + std::clamp(share, 0.0, 1.0) * (kWidth - kLeft - kRight);
}

double Chart::y_of(double value) const noexcept {
  const double share = (value - y_.from) / (y_.to - y_.from);
  return kHeight - kBottom - std::clamp(share, 0.0, 1.0) * (kHeight - kTop - kBottom);
}

void Chart::add_legend(std::size_t series, const std::string& name) {
  legend_ += "<rect class=\"fill" + std::to_string(series) + "\" x=\"" + number(legend_x_) +
             "\" y=\"22\" width=\"11\" height=\"11\"/>" +
             text_at(legend_x_ + 16, 32, "legend", name);
  legend_x_ += 34 + kLetter * static_cast<double>(name.size());
}

void Chart::add_line(std::size_t series, const std::string& name,
                     const std::vector<Point>& points) {
  if (!name.empty()) {
    add_legend(series, name);
  }
  std::string path;
  for (const Point& point : points) {
    path += (path.empty() ? "M" : "L") + number(x_of(point.x)) + " " + number(y_of(point.y));
  }
  body_ += "<path class=\"line line" + std::to_string(series) + "\" d=\"" + path + "\"/>";
}

void Chart::add_columns(const std::vector<std::string>& names,
                        const std::vector<std::vector<double>>& rows) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    add_legend(i, names[i]);
  }
  for (std::size_t second = 0; second < rows.size(); ++second) {
    double base = 0;
    const double left = x_of(static_cast<double>(second));
    const double width = std::max(x_of(static_cast<double>(second) + 1) - left - 0.5, 0.5);
    for (std::size_t i = 0; i < rows[second].size(); ++i) {
      const double height = rows[second][i];
      if (height > 0) {
        const double top = y_of(base + height);
        body_ += "<rect class=\"fill" + std::to_string(i) + "\" x=\"" + number(left) + "\" y=\"" +
                 number(top) + "\" width=\"" + number(width) + "\" height=\"" +
                 number(y_of(base) - top) + "\"/>";
        base += height;
      }
    }
  }
}

std::string Chart::svg() const {
  std::string out = "<svg viewBox=\"0 0 860 320\" role=\"img\" aria-label=\"" + html_text(title_) +
                    "\">" + text_at(kLeft, 14, "title", title_);
  for (const Tick& tick : y_.ticks) {
    out += line(kLeft, y_of(tick.at), kWidth - kRight, y_of(tick.at), "grid") +
           text_at(kLeft - 8, y_of(tick.at) + 4, "y", tick.text);
  }
  for (const Tick& tick : x_.ticks) {
    out += line(x_of(tick.at), kTop, x_of(tick.at), kHeight - kBottom, "grid") +
           text_at(x_of(tick.at), kHeight - kBottom + 16, "x", tick.text);
  }
  out += text_at((kLeft + kWidth - kRight) / 2, kHeight - 8, "x", x_.title);
  out += "<text class=\"x\" transform=\"translate(14 " + number((kTop + kHeight - kBottom) / 2) +
         ") rotate(-90)\">" + html_text(y_.title) + "</text>";
  return out + body_ + legend_ + "</svg>\n";
}

std::vector<Point> percentile_points(const std::vector<std::uint64_t>& us, std::size_t phones,
                                     int most_nines) {
  std::vector<Point> points;
  for (double nines = 0; !us.empty() && nines <= most_nines; nines += 0.02) {
    const double share = 1 - std::pow(10, -nines);
    const auto at = static_cast<std::size_t>(std::ceil(share * static_cast<double>(phones)));
    if (at > us.size()) {
      break;  // so many have not come so far
    }
    points.push_back({nines, std::log10(static_cast<double>(us[at == 0 ? 0 : at - 1]) / 1e3)});
    if (at == phones) {
      break;  // beyond the last phone there is nothing to say
    }
  }
  return points;
}

}  // namespace dialtone::emu
