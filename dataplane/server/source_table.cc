// SPDX-License-Identifier: Apache-2.0
#include "dataplane/server/source_table.h"

#include <algorithm>

namespace dialtone::server {
namespace {

// Of one that has proven nothing. What lies ahead of now counts as just used; further ahead than
// any allowance reaches it is hours old.
std::uint32_t age(const SourceEntry& entry, std::uint32_t now) noexcept {
  const auto since = [now](std::uint32_t until) {
    return until - now <= SourceTable::kMostAhead ? 0 : now - until;
  };
  return std::min(since(entry.requests_until), since(entry.first_until));
}

SourceEntry fresh(std::uint32_t tag, std::uint32_t now) noexcept {
  return {tag, now, now, 0};
}

}  // namespace

SourceTable::SourceTable(std::size_t entries, std::uint64_t hash_seed)
    : seeds_{mix64(4, hash_seed), mix64(5, hash_seed), mix64(6, hash_seed) | 1},
      lines_(std::max<std::size_t>(1, (entries + kPerLine - 1) / kPerLine)) {}

SourceEntry* SourceTable::find(std::uint64_t hash) noexcept {
  for (SourceEntry& entry : lines_[line(hash)].entries) {
    if (entry.tag == tag(hash)) {
      return &entry;
    }
  }
  return nullptr;
}

SourceEntry* SourceTable::find_or_make(std::uint64_t hash, std::uint32_t now,
                                       std::uint32_t now_s) noexcept {
  if (SourceEntry* found = find(hash)) {
    return found;
  }
  SourceEntry* place = nullptr;
  for (SourceEntry& entry : lines_[line(hash)].entries) {
    if (entry.tag == 0) {
      place = &entry;
      break;
    }
    if (!entry.is_proven(now_s) && (place == nullptr || age(entry, now) > age(*place, now))) {
      place = &entry;
    }
  }
  if (place != nullptr) {
    *place = fresh(tag(hash), now);
  }
  return place;
}

SourceEntry& SourceTable::find_or_replace(std::uint64_t hash, std::uint32_t now,
                                          std::uint32_t now_s) noexcept {
  if (SourceEntry* entry = find_or_make(hash, now, now_s)) {
    return *entry;
  }
  auto& entries = lines_[line(hash)].entries;
  SourceEntry& place = *std::min_element(std::begin(entries), std::end(entries),
                                         [](const SourceEntry& a, const SourceEntry& b) {
                                           return a.proven_until_s < b.proven_until_s;
                                         });
  place = fresh(tag(hash), now);
  return place;
}

}  // namespace dialtone::server
