// SPDX-License-Identifier: Apache-2.0
//
// What a .loads file lists: the files that a phone asks for next (facts: cisco-tftp 8.4). Pure; any
// thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dialtone::assets {

struct LoadPart {
  std::string name;                    // as it is written there
  std::optional<std::uint64_t> bytes;  // where the list says so, as those of 792x do
  std::string md5{};                   // as well, in lower-case hexadecimal; empty: it does not
};

bool is_load_name(std::string_view canonical_name) noexcept;

// Behind a signature, if there is one. Nothing: it is no list, as of a file that is no .loads, or
// was cut.
std::optional<std::vector<LoadPart>> read_load_list(std::span<const std::byte> content);

// The canonical names under which a part may lie: as a phone asks for it, or beside its list.
// Empty: nobody can ask for it.
std::vector<std::string> names_of_part(std::string_view load, const LoadPart& part);

}  // namespace dialtone::assets
