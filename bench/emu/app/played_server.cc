// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/app/played_server.h"

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>

namespace dialtone::emu {
namespace {

constexpr double kRebuildSeconds = 5;
constexpr Micros kForGood = std::numeric_limits<Micros>::max() / 2;
constexpr std::uint16_t kNoRoom = 3;  // RFC 1350: disk full or allocation exceeded

struct Words {
  std::string_view profile;
  std::uint16_t busy_code;
  std::string_view busy;
  std::string_view rebuilding;  // with kNoRoom; empty: it never says so
};
// Those of cm5 are documented (features 1.1, rows 25 to 28), and Dialtone's own profile has them
// too; of the others it is that they are "an error message" (cm3), "a message" and "a delay
// message".
constexpr std::string_view kLater = "Server is busy, try again later";
constexpr std::string_view kDelay = "Delay: rebuilding, try again later";
constexpr Words kOwn{"", kNoRoom, "Process Allocation Exceeded", "Disk Full"};
constexpr std::array<Words, 5> kWords{{{"cm3", 0, kLater, ""},
                                       {"cm5", kNoRoom, kOwn.busy, kOwn.rebuilding},
                                       {"cm9", kNoRoom, kLater, kDelay},
                                       {"cm12", kNoRoom, kLater, kDelay},
                                       {"cm14", kNoRoom, kLater, kDelay}}};

const Words& words_of(std::string_view profile) {
  const auto* found = std::find_if(kWords.begin(), kWords.end(),
                                   [&](const Words& each) { return each.profile == profile; });
  return found == kWords.end() ? kOwn : *found;
}

}  // namespace

Result<std::optional<PlayedServer>> played_server(const std::string& state,
                                                  std::optional<double> lasts_s,
                                                  const std::string& profile) {
  if (state.empty() && !lasts_s) {
    return std::optional<PlayedServer>();
  }
  const Words& words = words_of(profile);
  const bool is_rebuilding = state == "rebuilding";
  if (is_rebuilding && words.rebuilding.empty()) {
    return usage("--server1: a server of " + profile +
                 " says nothing while it builds everything anew; busy is what it can be");
  }
  const auto lasts = static_cast<Micros>(lasts_s.value_or(kRebuildSeconds) * 1e6);
  return std::optional(
      PlayedServer{.error = {.code = is_rebuilding ? kNoRoom : words.busy_code,
                             .text = std::string(is_rebuilding ? words.rebuilding : words.busy)},
                   .lasts = is_rebuilding || lasts_s ? lasts : kForGood});
}

}  // namespace dialtone::emu
