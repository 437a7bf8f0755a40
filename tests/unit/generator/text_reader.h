// SPDX-License-Identifier: Apache-2.0
//
// Reads files of "name: value" or "Name:Value" lines as their phones are said to (facts: cisco-tftp
// 3.2 and 5.1), independent of what writes them.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dialtone::test {

// In order, without comments and quotes. A line that is none of the form is {"(bad)", line}.
inline std::vector<std::pair<std::string, std::string>> read_lines(std::string_view text) {
  std::vector<std::pair<std::string, std::string>> all;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
    if (line.empty() || line.front() == '#') {
      continue;
    }
    const std::size_t colon = line.find(':');
    if (colon == line.npos || colon == 0) {
      all.emplace_back("(bad)", line);
      continue;
    }
    std::string_view value = line.substr(colon + 1);
    if (!value.empty() && value.front() == ' ') {
      value.remove_prefix(1);
    }
    if (value.size() > 1 && value.front() == '"') {
      const std::size_t close = value.find('"', 1);
      value = close + 1 == value.size() ? value.substr(1, close - 1) : "(behind the quotes)";
    }
    all.emplace_back(line.substr(0, colon), value);
  }
  return all;
}

inline std::string line_value(const std::vector<std::pair<std::string, std::string>>& lines,
                              std::string_view name) {
  for (const auto& [each, value] : lines) {
    if (each == name) {
      return value;
    }
  }
  return "(missing)";
}

}  // namespace dialtone::test
