// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/seeds.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace dialtone::fuzz {

SeedMaker seed_maker(std::string_view target) {
  static constexpr std::pair<std::string_view, SeedMaker> kMakers[] = {
      {"devices", device_seeds}, {"frames", frame_seeds},     {"images", image_seeds},
      {"offers", offer_seeds},   {"requests", request_seeds}, {"sessions", session_seeds},
      {"texts", text_seeds},
  };
  const auto* maker = std::find_if(std::begin(kMakers), std::end(kMakers),
                                   [&](const auto& one) { return one.first == target; });
  return maker == std::end(kMakers) ? nullptr : maker->second;
}

}  // namespace dialtone::fuzz
