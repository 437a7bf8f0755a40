// SPDX-License-Identifier: Apache-2.0
//
// Addresses as a person writes them. Cold; pure functions, any thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dialtone::config {

// "10.77.0.1": four decimal numbers, no leading zeros, host order. Nothing for any other text.
std::optional<std::uint32_t> parse_ipv4(std::string_view text);
std::string ipv4_text(std::uint32_t address);

// "02:44:54:00:00:01", or with hyphens. Nothing for any other text.
std::optional<std::array<std::uint8_t, 6>> parse_mac(std::string_view text);
std::string mac_text(const std::array<std::uint8_t, 6>& mac);

}  // namespace dialtone::config
