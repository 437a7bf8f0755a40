// SPDX-License-Identifier: Apache-2.0
//
// Builds an index from names and places: no order needed, and equal input in equal order gives
// equal bytes. Cold; control.
#pragma once

#include "dataplane/abi/image_format.h"
#include "dataplane/base/result.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace dialtone::abi {

struct IndexItem {
  std::string_view name;  // canonical; unique in the index
  Kind kind = Kind::kFlat;
  std::uint32_t segment = 0;
  std::uint64_t offset = 0;  // of the FileRecord; kAbsent needs one too, of length 0, for its name
};

// Bytes that an index of `entries` takes: 20 a name, and some lines.
std::size_t index_size(std::size_t entries) noexcept;

// Fills `out` (index_size(items.size()) zeroed bytes). A doubled name is an Error that says which.
Result<void> build_index(std::span<const IndexItem> items, std::uint64_t id, std::uint64_t seed,
                         std::uint32_t segment_count, std::span<std::byte> out);

}  // namespace dialtone::abi
