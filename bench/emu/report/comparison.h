// SPDX-License-Identifier: Apache-2.0
//
// Two sides, each a storm that was repeated: figures of both, and how sure their ratio is. A single
// run says nothing of how much the next one would differ. Pure.
#pragma once

#include "bench/emu/report/run_data.h"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace dialtone::emu {

inline constexpr std::size_t kLeastRepetitions = 3;

// One of the two: its name, and the records of its repetitions.
struct Side {
  std::string name{};
  std::vector<RunData> runs{};
};

struct Figure {
  std::string key{};    // "ready_p99_ms", as claims name it
  std::string title{};  // "all files, p99, ms"
  std::vector<double> first{};
  std::vector<double> second{};
  double first_median = 0;
  double second_median = 0;
  // second / first, with the interval that has 95 of 100 resamples of the repetitions (bootstrap,
  // of a fixed seed). Only where has_ratio: not when the first is 0.
  bool has_ratio = false;
  double ratio = 0;
  double low = 0;
  double high = 0;
  bool differs() const noexcept { return has_ratio && (low > 1 || high < 1); }
};

struct Comparison {
  std::vector<Figure> figures{};  // without those that a repetition does not have
  // Conditions that are not the same in all runs: key, and the values of both sides.
  struct Difference {
    std::string key{};
    std::string first{};
    std::string second{};
  };
  std::vector<Difference> differences{};
};

// The runs of both sides under `path`: a record, or a folder with records in it by their names.
Result<Side> read_side(const std::string& path);
// Both have at least kLeastRepetitions runs, else an error that says so.
Result<Comparison> compare(const Side& first, const Side& second);
// For claims: {"ready_p99_ms": {"first", "second", "ratio", "low", "high"}}.
nlohmann::json comparison_document(const Comparison& comparison);

}  // namespace dialtone::emu
