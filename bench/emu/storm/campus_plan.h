// SPDX-License-Identifier: Apache-2.0
//
// Who is on the campus of a storm, and when each gets its power. Cold.
#pragma once

#include "bench/emu/storm/storm_phone.h"
#include "dataplane/base/result.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace dialtone::emu {

struct CampusOptions {
  std::string devices{};          // a file: name of a device, and its model, on each line
  std::uint32_t phones = 0;       // of the file at most; 0: all of them
  std::string mix = "7941";       // without a file: "7941:60,7960:30,7912:10", shares
  std::string files{};            // instead of their boot orders (BootScript::of_list())
  std::string power = "at-once";  // "at-once", "ramp", "building:50", "in-turn:32"
  double vanish_percent = 0;      // let_some_vanish()
  double window_s = 1;            // over which the power comes back
  std::uint64_t seed = 1;         // of the order in which it does
};

// The phones, by the time of their power, and the scripts that they point at.
struct CampusPlan {
  std::vector<std::unique_ptr<BootScript>> scripts{};
  std::vector<StormPhone> phones{};
  std::vector<std::string> models{};  // of each phone
  std::uint32_t at_a_time = 0;        // of "in-turn:N"; else 0
};

// All that is wrong: of the file with its lines.
Result<CampusPlan> plan_campus(const CampusOptions& options);

// So many of them lose their power again, after 1 to 30 packets that they got.
void let_some_vanish(CampusPlan& plan, double percent, std::uint64_t seed);

}  // namespace dialtone::emu
