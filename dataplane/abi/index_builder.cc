// SPDX-License-Identifier: Apache-2.0
#include "dataplane/abi/index_builder.h"

#include "dataplane/abi/name_key.h"
#include "dataplane/base/check.h"

#include <algorithm>
#include <cstring>
#include <string>

namespace dialtone::abi {
namespace {

// Two thirds of the entries at most are used. Seven of eight names then stand in their first line,
// and of five million none is more than some 30 lines away from it; with four fifths used some are
// 100 away, and kMaxProbes refuses the index.
constexpr std::uint64_t line_count_for(std::size_t entries) noexcept {
  return std::max<std::uint64_t>(1, (entries * 3 + 7) / 8);
}

}  // namespace

std::size_t index_size(std::size_t entries) noexcept {
  return sizeof(IndexHeader) + line_count_for(entries) * sizeof(IndexLine);
}

Result<void> build_index(std::span<const IndexItem> items, std::uint64_t id, std::uint64_t seed,
                         std::uint32_t segment_count, std::span<std::byte> out) {
  const std::uint64_t line_count = line_count_for(items.size());
  DIALTONE_CHECK(out.size() >= index_size(items.size()));
  auto* lines = reinterpret_cast<IndexLine*>(out.data() + sizeof(IndexHeader));
  // Which item stands where, to compare names when keys meet; the index itself holds no names.
  std::vector<std::uint32_t> owner(line_count * kEntriesPerLine, 0);
  std::uint32_t max_probes = 1;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const IndexItem& item = items[i];
    DIALTONE_CHECK(item.segment < segment_count && item.kind != Kind::kNone);
    const NameKey key = name_key(item.name, seed);
    std::uint64_t at = index_first_line(key.key, line_count);
    for (std::uint32_t probe = 1;; ++probe) {
      if (probe > kMaxProbes) {
        return failed("the index is too crowded for seed " + std::to_string(seed) +
                      "; build again with another seed");
      }
      IndexLine& line = lines[at];
      std::size_t slot = 0;
      for (; slot < kEntriesPerLine && line.entries[slot].where != 0; ++slot) {
        if (line.entries[slot].key == key.key &&
            items[owner[at * kEntriesPerLine + slot]].name == item.name) {
          return refused("the name '" + std::string(item.name) +
                         "' stands twice in one generation; remove one of the two files");
        }
      }
      if (slot < kEntriesPerLine) {
        line.entries[slot] = {key.key, index_where(item.kind, item.segment, item.offset)};
        owner[at * kEntriesPerLine + slot] = static_cast<std::uint32_t>(i);
        max_probes = std::max(max_probes, probe);
        break;
      }
      at = at + 1 == line_count ? 0 : at + 1;
    }
  }
  const IndexHeader header{kIndexMagic, kImageVersion, max_probes,    id, seed,
                           line_count,  items.size(),  segment_count, 0,  0};
  std::memcpy(out.data(), &header, sizeof(header));
  return {};
}

}  // namespace dialtone::abi
