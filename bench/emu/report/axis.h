// SPDX-License-Identifier: Apache-2.0
//
// Axes of charts: from where to where, and what stands beside the grid. Pure.
#pragma once

#include <string>
#include <vector>

namespace dialtone::emu {

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

  // How far along the axis a value is, from 0 to 1; what is beyond an end is at it.
  double share(double value) const noexcept;
};

// Round steps, five or so; where there is nothing, one unit.
Axis linear_axis(std::string title, double to);
// Values are powers of ten; labels are the values themselves with their unit, of milliseconds.
Axis log_ms_axis(std::string title, double least_ms, double most_ms);
// -log10(1 - share): 50 %, 90 %, 99 % and so on, up to `nines` nines.
Axis nines_axis(std::string title, int nines);

}  // namespace dialtone::emu
