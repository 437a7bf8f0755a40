// SPDX-License-Identifier: Apache-2.0
#include "control/build/file_counts.h"

#include "control/signing/signable.h"

#include <unordered_map>

namespace dialtone::build {

using image_build::FileEntry;

void FileCounts::count(std::string_view name, const FileEntry& entry, bool is_added) noexcept {
  const abi::FilePlace& place = entry.place;
  if (place.origin == abi::Origin::kBuilt && !name.ends_with(signing::kSuffix)) {
    counts_[static_cast<std::size_t>(place.file_class)] += is_added ? 1 : -1;
  }
}

void FileCounts::add(std::string_view name, const FileEntry& entry) noexcept {
  count(name, entry, true);
}

// As Image::apply() does it: what is gone goes first, and what is the same stays.
void FileCounts::follow(const image_build::FileTable& files,
                        const image_build::ImageChange& change) {
  std::unordered_map<std::string_view, const FileEntry*> now;  // null: gone
  now.reserve(change.gone.size() + change.put.size());
  const auto entry_of = [&](std::string_view name) {
    const auto found = now.find(name);
    return found == now.end() ? files.find(name) : found->second;
  };
  for (const std::string& name : change.gone) {
    if (const FileEntry* old = entry_of(name); old != nullptr) {
      count(name, *old, false);
      now[name] = nullptr;
    }
  }
  for (const auto& [name, entry] : change.put) {
    const FileEntry* old = entry_of(name);
    if (old != nullptr && old->is_same_as(entry)) {
      continue;
    }
    if (old != nullptr) {
      count(name, *old, false);
    }
    count(name, entry, true);
    now[name] = &entry;
  }
}

}  // namespace dialtone::build
