// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/storm/power_plan.h"

#include "dataplane/base/whole_number.h"

#include <cstdint>
#include <string_view>
#include <utility>

namespace dialtone::emu {

Result<Power> parse_power(const std::string& text) {
  using enum Power::Kind;
  if (text == "at-once") {
    return Power{};
  }
  if (text == "ramp") {
    return Power{.kind = kRamp};
  }
  for (const auto& [word, kind] :
       {std::pair<std::string_view, Power::Kind>{"building:", kBuilding}, {"in-turn:", kInTurn}}) {
    const auto number =
        text.starts_with(word)
            ? whole_number<std::uint32_t>(std::string_view(text).substr(word.size()))
            : std::nullopt;
    if (number && *number != 0) {
      return Power{.kind = kind, .number = *number};
    }
  }
  return usage("--power: '" + text +
               "' is not at-once, ramp, building:N or in-turn:N, where N is 1 to 4294967295");
}

std::vector<Micros> power_times(const Power& power, double window_s, std::size_t phones) {
  std::vector<Micros> times(phones);
  if (power.kind != Power::Kind::kRamp && power.kind != Power::Kind::kBuilding) {
    return times;
  }
  const std::size_t each = power.kind == Power::Kind::kBuilding ? power.number : 1;
  const std::size_t parts = (phones + each - 1) / each;
  for (std::size_t i = 0; i < phones; ++i) {
    times[i] = static_cast<Micros>(window_s * 1e6 * static_cast<double>(i / each) /
                                   static_cast<double>(parts));
  }
  return times;
}

}  // namespace dialtone::emu
