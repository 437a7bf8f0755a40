// SPDX-License-Identifier: Apache-2.0
#include "dataplane/abi/index_builder.h"

#include "dataplane/abi/name_key.h"
#include "dataplane/base/check.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

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

class Placement {
 public:
  Placement(std::span<const IndexItem> items, std::uint64_t seed, std::span<IndexLine> lines)
      : items_(items), seed_(seed), lines_(lines), owners_(lines.size() * kEntriesPerLine) {}

  Result<void> place(std::uint32_t item) {
    const NameKey key = name_key(items_[item].name, seed_);
    const IndexItem& what = items_[item];
    IndexEntry entry{key.key, index_where(what.kind, what.segment, what.offset)};
    const std::uint64_t first = first_of(entry);
    const std::uint64_t second = second_of(entry);
    if (holds(first, entry, what.name) || holds(second, entry, what.name)) {
      return refused("the name '" + std::string(what.name) +
                     "' stands twice in one generation; remove one of the two files");
    }
    if (put(first, entry, item) || put(second, entry, item)) {
      return {};
    }
    return make_room(second, entry, item);
  }

  void mark_spilled() {
    for (std::size_t at = 0; at < lines_.size(); ++at) {
      for (const IndexEntry& entry : lines_[at].entries) {
        if (const std::uint64_t first = first_of(entry); entry.where != 0 && first != at) {
          lines_[first].entries[kEntriesPerLine - 1].where |= IndexLine::kSpilled;
        }
      }
    }
  }

 private:
  std::uint64_t first_of(const IndexEntry& entry) const noexcept {
    return index_first_line(entry.key, lines_.size());
  }
  std::uint64_t second_of(const IndexEntry& entry) const noexcept {
    return index_second_line(entry.key, first_of(entry), lines_.size());
  }

  bool holds(std::uint64_t at, const IndexEntry& entry, std::string_view name) const noexcept {
    for (std::size_t slot = 0; slot < kEntriesPerLine; ++slot) {
      const IndexEntry& other = lines_[at].entries[slot];
      if (other.where != 0 && other.key == entry.key && items_[owner(at, slot)].name == name) {
        return true;
      }
    }
    return false;
  }

  bool put(std::uint64_t at, const IndexEntry& entry, std::uint32_t item) noexcept {
    for (std::size_t slot = 0; slot < kEntriesPerLine; ++slot) {
      if (lines_[at].entries[slot].where == 0) {
        lines_[at].entries[slot] = entry;
        owner(at, slot) = item;
        return true;
      }
    }
    return false;
  }

  // Cuckoo hashing: the name takes another's place in line `at`, which goes to its other line, and
  // so on. Which one has to go changes with each move, so that no two push each other for ever.
  Result<void> make_room(std::uint64_t at, IndexEntry entry, std::uint32_t item) {
    for (std::uint32_t moves = 0; moves < kMaxMoves; ++moves) {
      const std::size_t slot = mix64(moves, entry.key) % kEntriesPerLine;
      std::swap(entry, lines_[at].entries[slot]);
      std::swap(item, owner(at, slot));
      const std::uint64_t first = first_of(entry);
      at = at == first ? second_of(entry) : first;
      if (put(at, entry, item)) {
        return {};
      }
    }
    return failed("the index is too crowded for seed " + std::to_string(seed_) +
                  "; build again with another seed");
  }

  std::uint32_t& owner(std::uint64_t at, std::size_t slot) noexcept {
    return owners_[at * kEntriesPerLine + slot];
  }
  std::uint32_t owner(std::uint64_t at, std::size_t slot) const noexcept {
    return owners_[at * kEntriesPerLine + slot];
  }

  std::span<const IndexItem> items_;
  std::uint64_t seed_;
  std::span<IndexLine> lines_;
  // Which item stands where, to compare names when keys meet; the index itself holds no names.
  std::vector<std::uint32_t> owners_;
};

}  // namespace

std::size_t index_size(std::size_t entries) noexcept {
  return sizeof(IndexHeader) + line_count_for(entries) * sizeof(IndexLine);
}

Result<void> build_index(std::span<const IndexItem> items, std::uint64_t id, std::uint64_t seed,
                         std::uint32_t segment_count, std::span<std::byte> out) {
  const std::uint64_t line_count = line_count_for(items.size());
  DIALTONE_CHECK(out.size() >= index_size(items.size()));
  Placement placement(items, seed,
                      {reinterpret_cast<IndexLine*>(out.data() + sizeof(IndexHeader)), line_count});
  for (std::size_t i = 0; i < items.size(); ++i) {
    DIALTONE_CHECK(items[i].segment < segment_count && items[i].kind != Kind::kNone);
    DIALTONE_TRY(placement.place(static_cast<std::uint32_t>(i)));
  }
  placement.mark_spilled();
  const IndexHeader header{kIndexMagic,  kImageVersion, 0, id, seed, line_count,
                           items.size(), segment_count, 0, 0};
  std::memcpy(out.data(), &header, sizeof(header));
  return {};
}

}  // namespace dialtone::abi
