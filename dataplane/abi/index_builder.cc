// SPDX-License-Identifier: Apache-2.0
#include "dataplane/abi/index_builder.h"

#include "dataplane/abi/name_key.h"
#include "dataplane/base/check.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

namespace dialtone::abi {
namespace {

// 4/5 of the entries are used at most. Two lines of four for each name can be filled to 0.97 before
// a name finds no place; the lines that are added keep a small index, where names meet by chance,
// as far from that as a large one.
constexpr std::uint64_t line_count_for(std::size_t entries) noexcept {
  constexpr std::uint64_t kSpareLines = 4;
  return entries == 0 ? 1 : (entries * 5 + 15) / 16 + kSpareLines;
}

// Names that make room for one another; a place is found after a few, nearly always after none.
constexpr std::uint32_t kMaxMoves = 1000;

// Lines stand anywhere in more memory than a cache holds: they are asked for this many names ahead.
constexpr std::size_t kNamesAhead = 16;

// First each line takes, in the order of the items, the names whose first line it is, as long as it
// has room; then those that were left over look for a place in their second lines. So most names
// need one look at one line, now and when they are searched for.
class Placement {
 public:
  Placement(std::span<const IndexItem> items, std::uint64_t seed, std::span<IndexLine> lines)
      : items_(items), seed_(seed), lines_(lines) {}

  Result<void> run() {
    DIALTONE_TRY(place_in_first_lines());
    DIALTONE_TRY(place_left_over());
    mark_spilled();
    return {};
  }

 private:
  struct Left {
    std::uint32_t item;
    std::uint64_t key;
  };
  enum class Put { kDone, kFull, kTwice };

  Result<void> place_in_first_lines() {
    std::array<std::uint64_t, kNamesAhead> keys;
    const auto look_ahead = [&](std::size_t item) {
      if (item < items_.size()) {
        const std::uint64_t key = name_key(items_[item].name, seed_).key;
        __builtin_prefetch(&lines_[first_of(key)], 1);
        keys[item % kNamesAhead] = key;
      }
    };
    for (std::size_t item = 0; item < kNamesAhead; ++item) {
      look_ahead(item);
    }
    for (std::uint32_t item = 0; item < items_.size(); ++item) {
      const std::uint64_t key = keys[item % kNamesAhead];
      look_ahead(item + kNamesAhead);
      switch (put(first_of(key), key, item)) {
        case Put::kDone:
          break;
        case Put::kFull:
          left_.push_back({item, key});
          break;
        case Put::kTwice:
          return stands_twice(item);
      }
    }
    return {};
  }

  Result<void> place_left_over() {
    for (std::size_t i = 0; i < left_.size(); ++i) {
      if (i + kNamesAhead < left_.size()) {
        const std::uint64_t ahead = left_[i + kNamesAhead].key;
        __builtin_prefetch(&lines_[first_of(ahead)]);
        __builtin_prefetch(&lines_[second_of(ahead)], 1);
      }
      const auto [item, key] = left_[i];
      // Its first line is full, and may have got its like from another line meanwhile.
      if (put(first_of(key), key, item) == Put::kTwice) {
        return stands_twice(item);
      }
      switch (put(second_of(key), key, item)) {
        case Put::kDone:
          break;
        case Put::kFull:
          DIALTONE_TRY(make_room(second_of(key), {key, where_of(item)}));
          break;
        case Put::kTwice:
          return stands_twice(item);
      }
    }
    return {};
  }

  void mark_spilled() {
    for (std::size_t at = 0; at < lines_.size(); ++at) {
      for (const IndexEntry& entry : lines_[at].entries) {
        if (const std::uint64_t first = first_of(entry.key); entry.where != 0 && first != at) {
          lines_[first].entries[kEntriesPerLine - 1].where |= IndexLine::kSpilled;
        }
      }
    }
  }

  std::uint64_t first_of(std::uint64_t key) const noexcept {
    return index_first_line(key, lines_.size());
  }
  std::uint64_t second_of(std::uint64_t key) const noexcept {
    return index_second_line(key, first_of(key), lines_.size());
  }
  std::uint64_t where_of(std::uint32_t item) const noexcept {
    const IndexItem& what = items_[item];
    return index_where(what.kind, what.segment, what.offset);
  }

  Put put(std::uint64_t at, std::uint64_t key, std::uint32_t item) noexcept {
    for (IndexEntry& entry : lines_[at].entries) {
      if (entry.where == 0) {
        entry = {key, where_of(item)};
        return Put::kDone;
      }
      if (entry.key == key && has_namesake(item)) {
        return Put::kTwice;
      }
    }
    return Put::kFull;
  }

  // The index holds no names, and which item an entry is of is not kept: hashed keys that meet are
  // as good as never there.
  bool has_namesake(std::uint32_t item) const noexcept {
    return std::count_if(items_.begin(), items_.end(), [&](const IndexItem& other) {
             return other.name == items_[item].name;
           }) > 1;
  }

  Result<void> stands_twice(std::uint32_t item) const {
    return refused("the name '" + std::string(items_[item].name) +
                   "' stands twice in one generation; remove one of the two files");
  }

  // Cuckoo hashing: the name takes another's place in line `at`, which goes to its other line, and
  // so on. Which one has to go changes with each move, so that no two push each other for ever.
  Result<void> make_room(std::uint64_t at, IndexEntry entry) {
    for (std::uint32_t moves = 0; moves < kMaxMoves; ++moves) {
      std::swap(entry, lines_[at].entries[mix64(moves, entry.key) % kEntriesPerLine]);
      const std::uint64_t first = first_of(entry.key);
      at = at == first ? second_of(entry.key) : first;
      for (IndexEntry& other : lines_[at].entries) {
        if (other.where == 0) {
          other = entry;
          return {};
        }
      }
    }
    return failed("the index is too crowded for seed " + std::to_string(seed_) +
                  "; build again with another seed");
  }

  std::span<const IndexItem> items_;
  std::uint64_t seed_;
  std::span<IndexLine> lines_;
  std::vector<Left> left_;  // of full first lines
};

}  // namespace

std::size_t index_size(std::size_t entries) noexcept {
  return sizeof(IndexHeader) + line_count_for(entries) * sizeof(IndexLine);
}

Result<void> build_index(std::span<const IndexItem> items, std::uint64_t id, std::uint64_t seed,
                         std::uint32_t segment_count, std::span<std::byte> out) {
  const std::uint64_t line_count = line_count_for(items.size());
  DIALTONE_CHECK(out.size() >= index_size(items.size()));
  DIALTONE_CHECK(std::all_of(items.begin(), items.end(), [&](const IndexItem& item) {
    return item.segment < segment_count && item.kind != Kind::kNone;
  }));
  Placement placement(items, seed,
                      {reinterpret_cast<IndexLine*>(out.data() + sizeof(IndexHeader)), line_count});
  DIALTONE_TRY(placement.run());
  const IndexHeader header{kIndexMagic,  kImageVersion, 0, id, seed, line_count,
                           items.size(), segment_count, 0, 0};
  std::memcpy(out.data(), &header, sizeof(header));
  return {};
}

}  // namespace dialtone::abi
