// SPDX-License-Identifier: Apache-2.0
//
// What `dialtone-emu storm` and `replay` are asked for, and share: where the phones are, what their
// files should be, and what is done with the outcome. Cold.
#pragma once

#include "bench/emu/storm/campus_plan.h"

#include <CLI/CLI.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace dialtone::emu {

struct StormOptions {
  std::string link{};
  std::uint32_t cpu = 0;
  bool hugepages = false;
  std::string tftp{};
  std::string first = "10.77.64.1";
  std::string vlan{};
  std::string router{};
  CampusOptions campus{};
  std::vector<std::string> origin_folders{};
  std::vector<std::string> origin_lists{};
  std::uint16_t block_size = 0;
  std::uint16_t window = 0;
  double loss_percent = 0;
  double duplicate_percent = 0;
  double reorder_percent = 0;
  double delay_ms = 0;
  double seconds = 300;
  std::string record{};
  std::string expect{};
  bool json = false;
};

// `options` outlives the command.
void add_storm_options(CLI::App& command, StormOptions& options);

}  // namespace dialtone::emu
