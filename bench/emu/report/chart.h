// SPDX-License-Identifier: Apache-2.0
//
// Charts as SVG, with classes that the page's style colours: light, dark and print. Title and
// legend are HTML, so that they break into lines where the window is narrow. Pure.
#pragma once

#include "bench/emu/report/axis.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace dialtone::emu {

struct Point {
  double x = 0;
  double y = 0;
};

class Chart {
 public:
  Chart(std::string title, Axis x, Axis y);

  // `series` numbers its colour; a name is its place in the legend, and without one it has none.
  void add_line(std::size_t series, const std::string& name, std::vector<Point> points);
  // Columns one on the other: a row of heights for each x.
  void add_columns(const std::vector<std::string>& names, std::vector<std::vector<double>> rows);

  // Drawn twice, for wide and for narrow windows, since letters that shrink with a drawing cannot
  // be read; the page's style shows one.
  std::string html() const;

 private:
  struct Frame;
  struct Line {
    std::size_t series;
    std::vector<Point> points;
  };

  void add_legend(std::size_t series, const std::string& name);
  std::string svg(const Frame& frame) const;
  std::string grid(const Frame& frame) const;
  std::string columns(const Frame& frame) const;
  std::string lines(const Frame& frame) const;

  std::string title_;
  Axis x_;
  Axis y_;
  std::vector<Line> lines_{};
  std::vector<std::vector<double>> columns_{};
  std::string legend_{};
};

// For nines_axis() and log_ms_axis(): in which time which share of `phones` has come, of those that
// came after `us`, the least first.
std::vector<Point> percentile_points(const std::vector<std::uint64_t>& us, std::size_t phones,
                                     int nines);

}  // namespace dialtone::emu
