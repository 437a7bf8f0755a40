// SPDX-License-Identifier: Apache-2.0
//
// A 128-bit identifier as the database stores it: 16 bytes, most significant first. All zero means
// "none".
#pragma once

#include <array>
#include <cstdint>

namespace dialtone::generator {

struct Uuid {
  std::array<std::uint8_t, 16> bytes{};

  friend bool operator==(const Uuid&, const Uuid&) = default;
};
static_assert(sizeof(Uuid) == 16);

}  // namespace dialtone::generator
