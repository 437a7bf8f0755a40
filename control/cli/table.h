// SPDX-License-Identifier: Apache-2.0
//
// Aligned columns: at least two blanks between columns and "-" for an empty cell (so that
// awk -F '  +' works), no blank at a line's end. The same on a terminal and in a pipe, but for
// colour, and for columns that may be cut: on a terminal that is too narrow their cells are.
// Cells must be printable (text.h). Pure; one thread.
//
//   Table table({{"NAME"}, {"SIZE", Align::kRight}});
//   table.add({"ringlist.xml", "1.2 kB"});
//   out += table.render(style);
#pragma once

#include "control/cli/style.h"

#include <cstddef>
#include <string>
#include <vector>

namespace dialtone::cli {

enum class Align { kLeft, kRight };
enum class Fit { kWhole, kMayBeCut };

struct Column {
  std::string heading;
  Align align = Align::kLeft;
  Fit fit = Fit::kWhole;
};

class Table {
 public:
  explicit Table(std::vector<Column> columns);

  void add(std::vector<std::string> cells);  // as many as there are columns
  std::string render(const Style& style) const;

 private:
  std::string row(const std::vector<std::string>& cells,
                  const std::vector<std::size_t>& widths) const;
  std::vector<std::size_t> widths_within(std::size_t width) const;

  std::vector<Column> columns_;
  std::vector<std::size_t> widths_;
  std::vector<std::vector<std::string>> rows_;
};

// "key  value" lines with the values under one another.
class KeyValues {
 public:
  void add(std::string key, std::string value);
  std::string render(const Style& style) const;

 private:
  struct Line {
    std::string key;
    std::string value;
  };
  std::vector<Line> lines_;
};

}  // namespace dialtone::cli
