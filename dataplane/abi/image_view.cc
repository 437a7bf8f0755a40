// SPDX-License-Identifier: Apache-2.0
#include "dataplane/abi/image_view.h"

#include "dataplane/abi/image_validate.h"

#include <algorithm>

namespace dialtone::abi {

FileRef ImageView::file_at(const IndexEntry& entry) const noexcept {
  const std::uint32_t segment = entry.segment();
  const std::byte* base = segments_[segment];
  const auto* record = reinterpret_cast<const FileRecord*>(base + entry.record_offset());
  const std::uint16_t* sums =
      record->sums_offset == 0 ? nullptr
                               : reinterpret_cast<const std::uint16_t*>(base + record->sums_offset);
  return {record, base + record->content_offset, sums, segment, entry.kind()};
}

const IndexEntry* ImageView::find_in(const IndexLine& line, std::string_view canonical_name,
                                     const NameKey& key) const noexcept {
  for (const IndexEntry& entry : line.entries) {
    // An empty entry may have the key of a name by chance.
    if (entry.key == key.key && entry.where != 0 &&
        (key.exact || file_at(entry).name() == canonical_name)) {
      return &entry;
    }
  }
  return nullptr;
}

const IndexEntry* ImageView::find_entry(const IndexView& index, std::string_view canonical_name,
                                        const NameKey& key) const noexcept {
  const std::span<const IndexLine> lines = index.lines();
  const std::uint64_t first = index.first_line(key.key);
  const IndexEntry* entry = find_in(lines[first], canonical_name, key);
  if (entry == nullptr && lines[first].spilled()) {
    entry = find_in(lines[index.second_line(key.key, first)], canonical_name, key);
  }
  return entry;
}

const Tombstone* ImageView::find_tombstone(const NameKey& key) const noexcept {
  const std::span<const Tombstone> all = tombstone_table(*manifest_);
  const auto found = std::ranges::lower_bound(all, key.key, {}, &Tombstone::key);
  return found == all.end() || found->key != key.key ? nullptr : &*found;
}

const IndexEntry* ImageView::locate(std::string_view canonical_name,
                                    const NameKey& key) const noexcept {
  const IndexEntry* entry = nullptr;
  if (delta_.present()) {
    entry = find_entry(delta_, canonical_name, key);
  }
  if (entry == nullptr) {
    entry = find_entry(base_, canonical_name, key);
  }
  if (entry == nullptr || entry->kind() == Kind::kAbsent) {
    return nullptr;
  }
  __builtin_prefetch(segments_[entry->segment()] + entry->record_offset());
  return entry;
}

std::optional<FileRef> ImageView::find(std::string_view canonical_name,
                                       const NameKey& key) const noexcept {
  const IndexEntry* entry = locate(canonical_name, key);
  if (entry == nullptr) {
    return std::nullopt;
  }
  return file_at(*entry);
}

}  // namespace dialtone::abi
