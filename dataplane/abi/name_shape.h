// SPDX-License-Identifier: Apache-2.0
//
// The MAC-shaped names of phones: a prefix, twelve digits of a MAC, a suffix (facts: cisco-tftp 2.3
// and 9.6). Codes are positions in these tables. They are stored in index keys, so both may only
// grow, and growing one raises kImageVersion.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace dialtone::abi {

inline constexpr std::array<std::string_view, 9> kShapePrefixes = {
    "sep", "sip", "ata", "ctlsep", "itlsep", "mgc", "vgc", "ld", "gk",
};
inline constexpr std::array<std::string_view, 6> kShapeSuffixes = {
    ".cnf.xml", ".cnf.xml.sgn", ".cnf.xml.enc.sgn", ".tlv", ".cnf", "",
};
inline constexpr std::size_t kMacDigits = 12;

// A prefix and a suffix as one number.
inline constexpr std::size_t kShapeCount = kShapePrefixes.size() * kShapeSuffixes.size();

constexpr std::uint8_t shape_of(std::size_t prefix, std::size_t suffix) noexcept {
  return static_cast<std::uint8_t>(prefix * kShapeSuffixes.size() + suffix);
}
static_assert(kShapeCount <= 255);

}  // namespace dialtone::abi
