// SPDX-License-Identifier: Apache-2.0
//
// The charts of one storm, as HTML; a sentence where there is nothing to draw. Pure.
#pragma once

#include "bench/emu/report/run_data.h"

#include <nlohmann/json.hpp>

#include <array>
#include <string>

namespace dialtone::emu {

// As people read kPhases.
inline constexpr std::array<const char*, 4> kPhaseTitles{"first answer", "trust lists",
                                                         "configuration", "ready"};

// The share of all phones that has passed each phase, against time since the power-on. Where few
// phones take much longer than most, the axis of time is logarithmic: else all that most did would
// lie in one upright line.
std::string dial_tone_chart(const RunData& run);
// `meta`: meta.json.
std::string fates_chart(const nlohmann::json& meta);
std::string percentile_chart(const RunData& run);

}  // namespace dialtone::emu
