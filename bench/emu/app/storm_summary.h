// SPDX-License-Identifier: Apache-2.0
//
// What a person sees of a storm: while it runs, lines that are written over themselves on a
// terminal (stderr) and nothing elsewhere; and its summary. The main thread.
#pragma once

#include "bench/emu/storm/engine.h"

#include <nlohmann/json.hpp>

#include <chrono>
#include <cstddef>

namespace dialtone::emu {

class LiveView {
 public:
  explicit LiveView(std::size_t phones);

  void show(const Progress& progress);
  // The lines are gone; what is printed next stands in their place.
  void clear();

 private:
  using Clock = std::chrono::steady_clock;
  const bool is_terminal_;
  const std::size_t phones_;
  const Clock::time_point began_ = Clock::now();
  Clock::time_point shown_ = began_;
  std::uint64_t frames_ = 0;  // when it was shown
  std::uint32_t over_ = 0;
  bool has_lines_ = false;
};

// Of storm_document().
void print_summary(const nlohmann::json& document);

}  // namespace dialtone::emu
