// SPDX-License-Identifier: Apache-2.0
//
// A canonical name as a 64-bit index key. The MAC-shaped names of phones
// ("sep001122334455.cnf.xml", and the prefixes and suffixes of name_shape.h) have exact keys:
// prefix code, 48 bits of MAC and suffix code, through a bijection; two of them never share a key
// and need no compare. All other names get the reserved prefix code 0xff and 56 bits of keyed hash,
// and the name is compared.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace dialtone::abi {

struct NameKey {
  std::uint64_t key;
  bool exact;          // equal keys are equal names
  std::uint8_t shape;  // of an exact one (name_shape.h)
};

NameKey name_key(std::string_view canonical_name, std::uint64_t seed) noexcept;

// The shape (name_shape.h) that an exact key would have; nothing: it would have none.
std::optional<std::uint8_t> name_shape(std::string_view canonical_name) noexcept;

}  // namespace dialtone::abi
