// SPDX-License-Identifier: Apache-2.0
#include "control/image/file_table.h"

#include "dataplane/base/check.h"
#include "dataplane/base/hash.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>

namespace dialtone::image_build {
namespace {

constexpr std::size_t kLeastSlots = 16;

constexpr bool is_crowded(std::size_t files, std::size_t slots) noexcept {
  return files * 3 > slots * 2;
}

constexpr std::size_t slots_for(std::size_t files) noexcept {
  const std::size_t slots = std::max(kLeastSlots, std::bit_ceil(files));
  return is_crowded(files, slots) ? slots * 2 : slots;
}

// What a thread takes at a time: a millisecond and more.
constexpr std::size_t kFilesPerPart = 16'384;

constexpr std::size_t parts_of(std::size_t files) noexcept {
  return (files + kFilesPerPart - 1) / kFilesPerPart;
}

// Slots stand anywhere in more memory than a cache holds: they are asked for this many files ahead.
constexpr std::size_t kFilesAhead = 16;

std::uint32_t hash_of(std::string_view name) noexcept {
  return static_cast<std::uint32_t>(keyed_hash(name, 0));
}

Uint128 number_of(const Digest& digest) noexcept {
  return static_cast<Uint128>(digest.high) << 64 | digest.low;
}

Digest digest_from(Uint128 number) noexcept {
  return {static_cast<std::uint64_t>(number), static_cast<std::uint64_t>(number >> 64)};
}

Uint128 file_digest(std::string_view name, const Digest& content) noexcept {
  std::byte both[abi::kMaxNameLength + sizeof(content)];
  std::memcpy(both, name.data(), name.size());
  std::memcpy(both + name.size(), &content, sizeof(content));
  return number_of(digest_of(std::span(both, name.size() + sizeof(content))));
}

struct Totals {
  Uint128 digest = 0;
  std::uint64_t bytes = 0;
};

}  // namespace

FileTable::FileTable(Files files, const Spread& spread) : files_(std::move(files)) {
  if (files_.empty()) {
    return;
  }
  set_slots(slots_for(files_.size()));
  std::vector<std::uint32_t> hashes(files_.size());
  std::vector<Totals> totals(parts_of(files_.size()));
  spread.run(totals.size(), [&](std::size_t part) {
    const std::size_t begin = part * kFilesPerPart;
    Totals sum;
    for (std::size_t i = begin; i < std::min(begin + kFilesPerPart, files_.size()); ++i) {
      const auto& [name, entry] = files_[i];
      hashes[i] = hash_of(name);
      sum.digest += file_digest(name, entry.place.digest);
      sum.bytes += entry.place.length;
    }
    totals[part] = sum;
  });
  Uint128 digest = 0;
  for (const Totals& part : totals) {
    digest += part.digest;
    content_bytes_ += part.bytes;
  }
  digest_ = digest_from(digest);
  std::vector<std::size_t> doubled;
  for (std::size_t i = 0; i < files_.size(); ++i) {
    __builtin_prefetch(&slots_[hashes[std::min(i + kFilesAhead, files_.size() - 1)] & mask()], 1);
    Slot& slot = slots_[slot_of(files_[i].first, hashes[i])];
    if (slot.file == 0) {
      slot = {hashes[i], static_cast<std::uint32_t>(i + 1)};
    } else {
      doubled.push_back(i);
    }
  }
  drop_doubled(doubled);
}

// The first of a name takes over what the last one has.
void FileTable::drop_doubled(const std::vector<std::size_t>& doubled) {
  for (const std::size_t number : doubled) {
    auto& [name, entry] = files_[number];
    FileEntry& kept = files_[slots_[slot_of(name, hash_of(name))].file - 1].second;
    account(name, kept, false);
    kept = std::move(entry);
  }
  std::for_each(doubled.rbegin(), doubled.rend(), [&](std::size_t number) {
    if (number + 1 != files_.size()) {
      const std::string& last = files_.back().first;
      slots_[slot_of(last, hash_of(last))].file = static_cast<std::uint32_t>(number + 1);
      files_[number] = std::move(files_.back());
    }
    files_.pop_back();
  });
}

// Where the name stands, or the empty slot where it would.
std::size_t FileTable::slot_of(std::string_view name, std::uint32_t hash) const noexcept {
  std::size_t at = hash & mask();
  while (slots_[at].file != 0 &&
         (slots_[at].hash != hash || files_[slots_[at].file - 1].first != name)) {
    at = (at + 1) & mask();
  }
  return at;
}

void FileTable::set_slots(std::size_t count) {
  DIALTONE_CHECK(count <= std::numeric_limits<std::uint32_t>::max());
  std::vector<Slot> old(count);
  old.swap(slots_);
  for (const Slot& slot : old) {
    if (slot.file == 0) {
      continue;
    }
    std::size_t at = slot.hash & mask();
    while (slots_[at].file != 0) {
      at = (at + 1) & mask();
    }
    slots_[at] = slot;
  }
}

void FileTable::reserve(std::size_t files) {
  files_.reserve(files);
  if (const std::size_t slots = slots_for(files); slots > slots_.size()) {
    set_slots(slots);
  }
}

// Those behind it that stand further from their own place than it does move up.
void FileTable::clear_slot(std::size_t at) noexcept {
  for (std::size_t next = (at + 1) & mask(); slots_[next].file != 0; next = (next + 1) & mask()) {
    const std::size_t home = slots_[next].hash & mask();
    if (((next - home) & mask()) >= ((next - at) & mask())) {
      slots_[at] = slots_[next];
      at = next;
    }
  }
  slots_[at] = {};
}

const FileEntry* FileTable::find(std::string_view name) const noexcept {
  if (slots_.empty()) {
    return nullptr;
  }
  const Slot& slot = slots_[slot_of(name, hash_of(name))];
  return slot.file == 0 ? nullptr : &files_[slot.file - 1].second;
}

void FileTable::account(std::string_view name, const FileEntry& entry, bool added) noexcept {
  const Uint128 one = file_digest(name, entry.place.digest);
  const Uint128 old = number_of(digest_);
  digest_ = digest_from(added ? old + one : old - one);
  content_bytes_ += added ? entry.place.length : -entry.place.length;
}

void FileTable::put(std::string name, FileEntry entry) {
  if (is_crowded(files_.size() + 1, slots_.size())) {
    set_slots(std::max(kLeastSlots, slots_.size() * 2));
  }
  const std::uint32_t hash = hash_of(name);
  Slot& slot = slots_[slot_of(name, hash)];
  account(name, entry, true);
  if (slot.file != 0) {
    FileEntry& old = files_[slot.file - 1].second;
    account(name, old, false);
    old = std::move(entry);
    return;
  }
  files_.emplace_back(std::move(name), std::move(entry));
  slot = {hash, static_cast<std::uint32_t>(files_.size())};
}

bool FileTable::erase(std::string_view name) {
  if (slots_.empty()) {
    return false;
  }
  const std::size_t at = slot_of(name, hash_of(name));
  if (slots_[at].file == 0) {
    return false;
  }
  const std::uint32_t number = slots_[at].file;
  account(name, files_[number - 1].second, false);
  clear_slot(at);
  if (number != files_.size()) {
    const std::string& last = files_.back().first;
    slots_[slot_of(last, hash_of(last))].file = number;
    files_[number - 1] = std::move(files_.back());
  }
  files_.pop_back();
  return true;
}

std::size_t FileTable::count_differences(const FileTable& other, const Spread& spread) const {
  if (other.size() == 0) {
    return size();
  }
  struct Count {
    std::size_t same = 0;
    std::size_t different = 0;
  };
  std::vector<Count> counts(parts_of(size()));
  spread.run(counts.size(), [&](std::size_t part) {
    const std::size_t begin = part * kFilesPerPart;
    Count count;
    for (std::size_t i = begin; i < std::min(begin + kFilesPerPart, size()); ++i) {
      const auto& [name, entry] = files_[i];
      if (const FileEntry* their = other.find(name); their != nullptr) {
        ++(entry.is_same_as(*their) ? count.same : count.different);
      }
    }
    counts[part] = count;
  });
  std::size_t shared = 0;
  std::size_t different = 0;
  for (const Count& count : counts) {
    shared += count.same + count.different;
    different += count.different;
  }
  return different + (size() - shared) + (other.size() - shared);
}

}  // namespace dialtone::image_build
