// SPDX-License-Identifier: Apache-2.0
//
// Charts as SVG, with classes that the page's style colours: light, dark and print. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace dialtone::emu {

struct Point {
  double x = 0;
  double y = 0;
};

struct Tick {
  double at = 0;
  std::string text{};
};

// One axis: values from `from` to `to`, and where it is labelled.
struct Axis {
  std::string title{};
  double from = 0;
  double to = 1;
  std::vector<Tick> ticks{};
};

// Round steps, five or so; at least one unit long.
Axis linear_axis(std::string title, double to);
// Values are powers of ten; labels are the values themselves with their unit, of milliseconds.
Axis log_ms_axis(std::string title, double least_ms, double most_ms);
// -log10(1 - share): 50 %, 90 %, 99 % and so on, up to `nines` nines.
Axis nines_axis(std::string title, int nines);

class Chart {
 public:
  Chart(std::string title, Axis x, Axis y);

  // `series` numbers its colour; a name is its line in the legend, and without one it has none.
  void add_line(std::size_t series, const std::string& name, const std::vector<Point>& points);
  // Columns one on the other: a row of heights for each x.
  void add_columns(const std::vector<std::string>& names,
                   const std::vector<std::vector<double>>& rows);

  std::string svg() const;

 private:
  double x_of(double value) const noexcept;
  double y_of(double value) const noexcept;
  void add_legend(std::size_t series, const std::string& name);

  std::string title_;
  Axis x_;
  Axis y_;
  std::string body_{};
  std::string legend_{};
  double legend_x_;
};

// For nines_axis() and log_ms_axis(): in which time which share of `phones` has come, of those that
// came after `us`, the least first.
std::vector<Point> percentile_points(const std::vector<std::uint64_t>& us, std::size_t phones,
                                     int nines);

}  // namespace dialtone::emu
