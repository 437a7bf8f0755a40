// SPDX-License-Identifier: Apache-2.0
#include "dataplane/config/address_text.h"

#include <charconv>
#include <cstdio>

namespace dialtone::config {

std::optional<std::uint32_t> parse_ipv4(std::string_view text) {
  std::uint32_t address = 0;
  for (int part = 0; part < 4; ++part) {
    const std::size_t end = part < 3 ? text.find('.') : text.size();
    if (end == std::string_view::npos || end == 0 || end > 3 || (end > 1 && text[0] == '0')) {
      return std::nullopt;
    }
    std::uint32_t value = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + end, value);
    if (error != std::errc{} || stop != text.data() + end || value > 255) {
      return std::nullopt;
    }
    address = address << 8 | value;
    text.remove_prefix(part < 3 ? end + 1 : end);
  }
  return address;
}

std::string ipv4_text(std::uint32_t address) {
  char out[16];
  std::snprintf(out, sizeof(out), "%u.%u.%u.%u", address >> 24, address >> 16 & 255,
                address >> 8 & 255, address & 255);
  return out;
}

std::optional<std::array<std::uint8_t, 6>> parse_mac(std::string_view text) {
  if (text.size() != 17 || (text[2] != ':' && text[2] != '-')) {
    return std::nullopt;
  }
  std::array<std::uint8_t, 6> mac{};
  for (std::size_t i = 0; i < mac.size(); ++i) {
    const char* begin = text.data() + i * 3;
    if (i > 0 && begin[-1] != text[2]) {
      return std::nullopt;
    }
    const auto [stop, error] = std::from_chars(begin, begin + 2, mac[i], 16);
    if (error != std::errc{} || stop != begin + 2) {
      return std::nullopt;
    }
  }
  return mac;
}

std::string mac_text(const std::array<std::uint8_t, 6>& mac) {
  char out[18];
  std::snprintf(out, sizeof(out), "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2], mac[3],
                mac[4], mac[5]);
  return out;
}

}  // namespace dialtone::config
