// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/report/chart.h"

#include "bench/emu/report/html.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <utility>

namespace dialtone::emu {

// Of a drawing, in the units of its letters; the plot is what the margins leave.
struct Chart::Frame {
  const char* css;
  double width;
  double height;
  double left;
  double right;

  static constexpr double kTop = 10;
  static constexpr double kBottom = 48;

  double plot_width() const noexcept { return width - left - right; }
  double plot_height() const noexcept { return height - kTop - kBottom; }
  double x(double share) const noexcept { return left + share * plot_width(); }
  double y(double share) const noexcept { return height - kBottom - share * plot_height(); }
};

namespace {

constexpr double kLetter = 6.6;  // width of one
constexpr double kTitle = 26;    // of the axis at the left, and beside its labels
constexpr double kApart = 6;     // least room between two labels

std::string number(double value) {
  return fixed(value, 1);
}

std::string text_at(double x, double y, const char* css, const std::string& text) {
  return "<text class=\"" + std::string(css) + "\" x=\"" + number(x) + "\" y=\"" + number(y) +
         "\">" + html_text(text) + "</text>";
}

std::string line(double x1, double y1, double x2, double y2) {
  return "<line class=\"grid\" x1=\"" + number(x1) + "\" y1=\"" + number(y1) + "\" x2=\"" +
         number(x2) + "\" y2=\"" + number(y2) + "\"/>";
}

}  // namespace

Chart::Chart(std::string title, Axis x, Axis y)
    : title_(std::move(title)), x_(std::move(x)), y_(std::move(y)) {}

void Chart::add_legend(std::size_t series, const std::string& name) {
  legend_ +=
      "<li><svg class=\"swatch\" viewBox=\"0 0 11 11\" aria-hidden=\"true\"><rect class=\"fill" +
      std::to_string(series) + "\" width=\"11\" height=\"11\"/></svg>" + html_text(name) + "</li>";
}

void Chart::add_line(std::size_t series, const std::string& name, std::vector<Point> points) {
  if (!name.empty()) {
    add_legend(series, name);
  }
  lines_.push_back({series, std::move(points)});
}

void Chart::add_columns(const std::vector<std::string>& names,
                        std::vector<std::vector<double>> rows) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    add_legend(i, names[i]);
  }
  columns_ = std::move(rows);
}

std::string Chart::grid(const Frame& frame) const {
  std::string out;
  for (const Tick& tick : y_.ticks) {
    const double y = frame.y(y_.share(tick.at));
    out += line(frame.left, y, frame.width - frame.right, y) +
           text_at(frame.left - 8, y + 4, "y", tick.text);
  }
  double free = -std::numeric_limits<double>::infinity();  // where the next label may begin
  for (const Tick& tick : x_.ticks) {
    const double x = frame.x(x_.share(tick.at));
    out += line(x, Frame::kTop, x, frame.height - Frame::kBottom);
    const double half = kLetter * static_cast<double>(tick.text.size()) / 2;
    if (x - half >= free) {
      out += text_at(x, frame.height - Frame::kBottom + 19, "x", tick.text);
      free = x + half + kApart;
    }
  }
  return out + text_at(frame.x(0.5), frame.height - 8, "x", x_.title) +
         "<text class=\"x\" transform=\"translate(11 " + number(frame.y(0.5)) + ") rotate(-90)\">" +
         html_text(y_.title) + "</text>";
}

std::string Chart::columns(const Frame& frame) const {
  std::string out;
  for (std::size_t second = 0; second < columns_.size(); ++second) {
    const auto at = static_cast<double>(second);
    const double left = frame.x(x_.share(at));
    const double width = std::max(frame.x(x_.share(at + 1)) - left - 0.5, 0.5);
    double base = 0;
    for (std::size_t i = 0; i < columns_[second].size(); ++i) {
      const double height = columns_[second][i];
      if (height > 0) {
        const double top = frame.y(y_.share(base + height));
        out += "<rect class=\"fill" + std::to_string(i) + "\" x=\"" + number(left) + "\" y=\"" +
               number(top) + "\" width=\"" + number(width) + "\" height=\"" +
               number(frame.y(y_.share(base)) - top) + "\"/>";
        base += height;
      }
    }
  }
  return out;
}

std::string Chart::lines(const Frame& frame) const {
  std::string out;
  for (const Line& each : lines_) {
    std::string path;
    for (const Point& point : each.points) {
      path += (path.empty() ? "M" : "L") + number(frame.x(x_.share(point.x))) + " " +
              number(frame.y(y_.share(point.y)));
    }
    out += "<path class=\"line line" + std::to_string(each.series) + "\" d=\"" + path + "\"/>";
  }
  return out;
}

std::string Chart::svg(const Frame& frame) const {
  return "<svg class=\"" + std::string(frame.css) + "\" viewBox=\"0 0 " + number(frame.width) +
         " " + number(frame.height) + "\" role=\"img\" aria-label=\"" + html_text(title_) + "\">" +
         grid(frame) + columns(frame) + lines(frame) + "</svg>\n";
}

std::string Chart::html() const {
  std::size_t longest = 0;
  for (const Tick& tick : y_.ticks) {
    longest = std::max(longest, tick.text.size());
  }
  const double left = kTitle + kLetter * static_cast<double>(longest);
  const Frame wide{.css = "wide", .width = 860, .height = 290, .left = left, .right = 30};
  const Frame narrow{.css = "narrow", .width = 380, .height = 290, .left = left, .right = 28};
  return "<figure><figcaption>" + html_text(title_) + "</figcaption><ul class=\"legend\">" +
         legend_ + "</ul>\n" + svg(wide) + svg(narrow) + "</figure>\n";
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
