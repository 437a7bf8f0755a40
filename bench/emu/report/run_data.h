// SPDX-License-Identifier: Apache-2.0
//
// A storm as it was recorded (storm_record.h), read back. Cold.
#pragma once

#include "dataplane/base/result.h"

#include <nlohmann/json.hpp>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dialtone::emu {

// Phases in the order in which a phone passes them.
inline constexpr std::array<std::string_view, 4> kPhases{"first_answer", "trust", "config",
                                                         "ready"};

struct PhoneRun {
  std::string mac{};
  std::string model{};
  std::string outcome{};
  std::string file{};                       // asked for last
  std::array<std::uint64_t, 4> phase_us{};  // since its planned power-on; 0: never
  std::uint64_t planned_us = 0;
  std::uint64_t retries = 0;
};

struct RunData {
  nlohmann::json meta{};
  std::vector<PhoneRun> phones{};

  // Times of the phones that have passed a phase, the least first.
  std::vector<std::uint64_t> sorted(std::size_t phase) const;
};

// Errors name the file and its line.
Result<RunData> read_run(const std::string& folder);

}  // namespace dialtone::emu
