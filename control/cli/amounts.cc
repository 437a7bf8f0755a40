// SPDX-License-Identifier: Apache-2.0
#include "control/cli/amounts.h"

#include <array>
#include <cstdio>
#include <ctime>
#include <utility>

namespace dialtone::cli {
namespace {

// Three digits that matter at most: "9.9", "10", "123".
std::string rounded(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), value < 9.95 ? "%.1f" : "%.0f", value);
  return text.data();
}

std::string two_parts(std::uint64_t large, const char* large_unit, std::uint64_t small,
                      const char* small_unit) {
  std::string text = std::to_string(large) + ' ' + large_unit;
  if (small != 0) {
    text += ' ' + std::to_string(small) + ' ' + small_unit;
  }
  return text;
}

}  // namespace

std::string grouped(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t place = text.size(); place > 3;) {
    place -= 3;
    text.insert(place, 1, ',');
  }
  return text;
}

std::string counted(std::uint64_t number, std::string_view thing) {
  return grouped(number) + ' ' + std::string(thing) + (number == 1 ? "" : "s");
}

std::string human_size(std::uint64_t bytes) {
  constexpr std::array<const char*, 5> kUnits = {"kB", "MB", "GB", "TB", "PB"};
  if (bytes < 1000) {
    return std::to_string(bytes) + " B";
  }
  double value = static_cast<double>(bytes) / 1000;
  std::size_t unit = 0;
  // 999.5 would be written as 1000.
  while (value >= 999.5 && unit + 1 < kUnits.size()) {
    value /= 1000;
    ++unit;
  }
  return rounded(value) + ' ' + kUnits[unit];
}

std::string human_us(std::uint64_t microseconds) {
  if (microseconds < 1000) {
    return std::to_string(microseconds) + " \xC2\xB5s";
  }
  const double milliseconds = static_cast<double>(microseconds) / 1000;
  return milliseconds < 999.5 ? rounded(milliseconds) + " ms" : rounded(milliseconds / 1000) + " s";
}

std::string human_uptime(std::uint64_t seconds) {
  if (seconds < 60) {
    return std::to_string(seconds) + " s";
  }
  const std::uint64_t minutes = seconds / 60;
  if (minutes < 60) {
    return std::to_string(minutes) + " min";
  }
  const std::uint64_t hours = minutes / 60;
  return hours < 24 ? two_parts(hours, "h", minutes % 60, "min")
                    : two_parts(hours / 24, "d", hours % 24, "h");
}

std::string utc_time(std::uint64_t unix_seconds) {
  const auto time = static_cast<std::time_t>(unix_seconds);
  std::tm parts{};
  std::array<char, 64> text{};
  if (std::in_range<std::time_t>(unix_seconds) && ::gmtime_r(&time, &parts) != nullptr &&
      std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts) != 0) {
    return text.data();
  }
  return std::to_string(unix_seconds);  // of no year that fits: as it came
}

std::string utc_milliseconds(std::uint64_t unix_us) {
  std::string text = utc_time(unix_us / 1'000'000);
  std::string milliseconds = std::to_string(unix_us / 1000 % 1000);
  milliseconds.insert(0, 3 - milliseconds.size(), '0');
  return text.insert(text.size() - 1, '.' + milliseconds);
}

}  // namespace dialtone::cli
