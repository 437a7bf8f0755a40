// SPDX-License-Identifier: Apache-2.0
#include "control/cli/table.h"

#include "control/cli/text.h"
#include "dataplane/base/check.h"

#include <algorithm>
#include <utility>

namespace dialtone::cli {
namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kLeast = 12;  // of a column that is cut

std::string blanks_after(const std::string& text, std::size_t width) {
  const std::size_t used = display_width(text);
  return std::string(used < width ? width - used : 0, ' ');
}

}  // namespace

Table::Table(std::vector<Column> columns) : columns_(std::move(columns)) {
  for (const Column& column : columns_) {
    widths_.push_back(display_width(column.heading));
  }
}

void Table::add(std::vector<std::string> cells) {
  DIALTONE_CHECK(cells.size() == columns_.size());
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (cells[i].empty()) {
      cells[i] = "-";
    }
    widths_[i] = std::max(widths_[i], display_width(cells[i]));
  }
  rows_.push_back(std::move(cells));
}

// The widest of those that may be cut gives way, and no further than leaves something to read.
std::vector<std::size_t> Table::widths_within(std::size_t width) const {
  std::vector<std::size_t> widths = widths_;
  std::size_t total = kGap * (widths.size() - 1);
  for (const std::size_t each : widths) {
    total += each;
  }
  while (width != 0 && total > width) {
    std::size_t widest = widths.size();
    for (std::size_t i = 0; i < widths.size(); ++i) {
      if (columns_[i].fit == Fit::kMayBeCut &&
          widths[i] > std::max(kLeast, display_width(columns_[i].heading)) &&
          (widest == widths.size() || widths[i] > widths[widest])) {
        widest = i;
      }
    }
    if (widest == widths.size()) {
      break;
    }
    --widths[widest];
    --total;
  }
  return widths;
}

std::string Table::row(const std::vector<std::string>& cells,
                       const std::vector<std::size_t>& widths) const {
  std::string out;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::string cell = cut_to(cells[i], widths[i]);
    const std::string blanks = blanks_after(cell, widths[i]);
    out += columns_[i].align == Align::kRight ? blanks + cell : cell + blanks;
    out.append(kGap, ' ');
  }
  out.erase(out.find_last_not_of(' ') + 1);
  return out;
}

std::string Table::render(const Style& style) const {
  std::vector<std::string> headings;
  for (const Column& column : columns_) {
    headings.push_back(column.heading);
  }
  const std::vector<std::size_t> widths = widths_within(style.width);
  std::string out = style.heading(row(headings, widths)) + '\n';
  for (const auto& cells : rows_) {
    out += row(cells, widths) + '\n';
  }
  return out;
}

void KeyValues::add(std::string key, std::string value) {
  lines_.push_back({std::move(key), value.empty() ? "-" : std::move(value)});
}

std::string KeyValues::render(const Style& style) const {
  std::size_t width = 0;
  for (const Line& line : lines_) {
    width = std::max(width, display_width(line.key));
  }
  std::string out;
  for (const Line& line : lines_) {
    out += style.quiet(line.key) + blanks_after(line.key, width + kGap) + line.value + '\n';
  }
  return out;
}

}  // namespace dialtone::cli
