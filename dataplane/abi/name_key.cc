// SPDX-License-Identifier: Apache-2.0
#include "dataplane/abi/name_key.h"

#include "dataplane/base/hash.h"

#include <array>
#include <optional>

namespace dialtone::abi {
namespace {

// Prefix and suffix codes are their positions here; both tables may only grow (kImageVersion). They
// hold the MAC-shaped names of facts: cisco-tftp 2.3 and 9.6.
constexpr std::array<std::string_view, 9> kPrefixes = {
    "sep", "sip", "ata", "ctlsep", "itlsep", "mgc", "vgc", "ld", "gk",
};
constexpr std::array<std::string_view, 6> kSuffixes = {
    ".cnf.xml", ".cnf.xml.sgn", ".cnf.xml.enc.sgn", ".tlv", ".cnf", "",
};

constexpr std::uint64_t kHashedPrefix = 0xff;
constexpr std::size_t kMacDigits = 12;

constexpr int hex_value(char c) noexcept {
  if (c >= '0' && c <= '9') {
    return c - '0';
  }
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

std::optional<std::uint64_t> parse_mac(std::string_view digits) noexcept {
  std::uint64_t mac = 0;
  for (char c : digits) {
    const int value = hex_value(c);
    if (value < 0) {
      return std::nullopt;
    }
    mac = mac << 4 | static_cast<std::uint64_t>(value);
  }
  return mac;
}

// prefix:8 | mac:48 | suffix:8
std::optional<std::uint64_t> exact_key(std::string_view name) noexcept {
  for (std::size_t prefix = 0; prefix < kPrefixes.size(); ++prefix) {
    const std::size_t begin = kPrefixes[prefix].size();
    if (name.size() < begin + kMacDigits || !name.starts_with(kPrefixes[prefix])) {
      continue;
    }
    const auto mac = parse_mac(name.substr(begin, kMacDigits));
    if (!mac) {
      continue;
    }
    const std::string_view rest = name.substr(begin + kMacDigits);
    for (std::size_t suffix = 0; suffix < kSuffixes.size(); ++suffix) {
      if (rest == kSuffixes[suffix]) {
        return static_cast<std::uint64_t>(prefix) << 56 | *mac << 8 | suffix;
      }
    }
  }
  return std::nullopt;
}

}  // namespace

NameKey name_key(std::string_view canonical_name, std::uint64_t seed) noexcept {
  if (const auto exact = exact_key(canonical_name)) {
    return {mix64(*exact, seed), true};
  }
  const std::uint64_t hash = keyed_hash(canonical_name, seed) >> 8;
  return {mix64(kHashedPrefix << 56 | hash, seed), false};
}

}  // namespace dialtone::abi
