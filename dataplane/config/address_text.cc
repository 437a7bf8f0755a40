// SPDX-License-Identifier: Apache-2.0
#include "dataplane/config/address_text.h"

#include <arpa/inet.h>

#include <charconv>
#include <cstdio>

namespace dialtone::config {
namespace {

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

std::uint64_t read_half(const std::uint8_t* bytes) {
  std::uint64_t half = 0;
  for (int i = 0; i < 8; ++i) {
    half = half << 8 | bytes[i];
  }
  return half;
}

}  // namespace

std::optional<IpAddress> parse_ip(std::string_view text) {
  if (text.find(':') == std::string_view::npos) {
    const auto address = parse_ipv4(text);
    return address ? std::optional(IpAddress::from_v4(*address)) : std::nullopt;
  }
  std::uint8_t bytes[16];
  if (text.find('\0') != std::string_view::npos) {
    return std::nullopt;  // inet_pton() would not look behind it
  }
  if (::inet_pton(AF_INET6, std::string(text).c_str(), bytes) != 1) {
    return std::nullopt;
  }
  return IpAddress{read_half(bytes), read_half(bytes + 8)};
}

std::string ip_text(const IpAddress& address) {
  char out[INET6_ADDRSTRLEN];
  if (address.is_v4()) {
    const std::uint32_t v4 = address.v4();
    std::snprintf(out, sizeof(out), "%u.%u.%u.%u", v4 >> 24, v4 >> 16 & 255, v4 >> 8 & 255,
                  v4 & 255);
    return out;
  }
  std::uint8_t bytes[16];
  for (int i = 0; i < 8; ++i) {
    bytes[i] = static_cast<std::uint8_t>(address.high >> (56 - 8 * i));
    bytes[8 + i] = static_cast<std::uint8_t>(address.low >> (56 - 8 * i));
  }
  return ::inet_ntop(AF_INET6, bytes, out, sizeof(out));
}

std::optional<IpPrefix> parse_prefix(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto address = parse_ip(text.substr(0, slash));
  if (!address) {
    return std::nullopt;
  }
  // As it is written: an IPv4 address may stand there in a form of IPv6.
  const std::uint8_t most = text.find(':') == std::string_view::npos ? 32 : 128;
  std::uint8_t bits = most;
  if (slash != std::string_view::npos) {
    const std::string_view number = text.substr(slash + 1);
    const auto [stop, error] = std::from_chars(number.data(), number.data() + number.size(), bits);
    const bool leading_zero = number.size() > 1 && number[0] == '0';
    if (error != std::errc{} || stop != number.data() + number.size() || bits > most ||
        leading_zero) {
      return std::nullopt;
    }
  }
  const IpPrefix prefix{*address, static_cast<std::uint8_t>(128 - most + bits)};
  return prefix.first_of(*address) == *address ? std::optional(prefix) : std::nullopt;
}

std::string prefix_text(const IpPrefix& prefix) {
  const int bits = prefix.address.is_v4() ? prefix.bits - 96 : prefix.bits;
  return ip_text(prefix.address) + "/" + std::to_string(bits);
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
