// SPDX-License-Identifier: Apache-2.0
//
// What a device may be called, as its row says it. Hot: no allocation unless something is wrong.
// Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace dialtone::generator {

inline constexpr std::size_t kMacDigits = 12;

// In any case of letters.
bool is_mac(std::string_view text) noexcept;

// True for SEP, ATA and VGC: a MAC address follows, and nothing else may.
bool has_mac_prefix(std::string_view name) noexcept;

// "'SEP00ZZ' is no device name: ...", with what one is; empty: it is one, in any case of letters.
std::string device_name_fault(std::string_view name);

}  // namespace dialtone::generator
