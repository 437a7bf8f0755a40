// SPDX-License-Identifier: Apache-2.0
//
// Addresses as a person writes them. Cold; pure functions, any thread.
#pragma once

#include "dataplane/base/ip_address.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dialtone::config {

// "10.77.0.1", four decimal numbers without leading zeros, or "2001:db8::1" (RFC 4291 2.2, without
// a zone). Nothing for any other text.
std::optional<IpAddress> parse_ip(std::string_view text);
// As RFC 5952 writes IPv6.
std::string ip_text(const IpAddress& address);

// "10.0.0.0/8", "2001:db8::/32", or an address alone. Nothing for any other text, 10.0.0.0/08
// among them, nor where a bit behind the prefix is set: 10.0.0.1/8 is no prefix.
// ::ffff:10.0.0.0/104 is 10.0.0.0/8; ::ffff:10.0.0.0/8 has bits behind the prefix.
std::optional<IpPrefix> parse_prefix(std::string_view text);
std::string prefix_text(const IpPrefix& prefix);

// "02:44:54:00:00:01", or with hyphens. Nothing for any other text.
std::optional<std::array<std::uint8_t, 6>> parse_mac(std::string_view text);
std::string mac_text(const std::array<std::uint8_t, 6>& mac);

}  // namespace dialtone::config
