// SPDX-License-Identifier: Apache-2.0
//
// MACs of many emulated hosts: locally administered, of a group of their own, and with the host's
// number in them. Pure.
#pragma once

#include "dataplane/wire/mac_address.h"

#include <cstdint>
#include <optional>

namespace dialtone::emu {

enum class MacGroup : std::uint8_t { kMix = 0x5e, kReplayed = 0x60, kHeld = 0x61 };

constexpr wire::MacAddress numbered_mac(MacGroup group, std::uint32_t number) noexcept {
  return {{0x02, static_cast<std::uint8_t>(group), static_cast<std::uint8_t>(number >> 24),
           static_cast<std::uint8_t>(number >> 16), static_cast<std::uint8_t>(number >> 8),
           static_cast<std::uint8_t>(number)}};
}

// Nothing: it is of another group.
constexpr std::optional<std::uint32_t> number_of(MacGroup group,
                                                 const wire::MacAddress& mac) noexcept {
  const auto& bytes = mac.bytes;
  if (bytes[0] != 0x02 || bytes[1] != static_cast<std::uint8_t>(group)) {
    return std::nullopt;
  }
  return std::uint32_t{bytes[2]} << 24 | std::uint32_t{bytes[3]} << 16 |
         std::uint32_t{bytes[4]} << 8 | bytes[5];
}

}  // namespace dialtone::emu
