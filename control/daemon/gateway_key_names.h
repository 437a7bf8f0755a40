// SPDX-License-Identifier: Apache-2.0
//
// The words of which a gateway's keys are made. Private to gateway_keys.h.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace dialtone::daemon {

inline constexpr std::uint32_t kMost = 255;  // of a unit, a subunit and a port
inline constexpr std::array<std::string_view, 7> kOwnKeys = {
    "kind", "product", "domain", "description", "pool", "load", "template"};
inline constexpr std::string_view kSettings = "settings.";
inline constexpr std::array<const char*, 3> kPlaces = {"unit", "subunit", "port"};

}  // namespace dialtone::daemon
