// SPDX-License-Identifier: Apache-2.0
//
// The files that control wants served, by canonical name, and where their bytes lie. Keeps the
// content digest of them all in step with each change. One thread.
//
// The content digest is the sum, modulo 2^128, of a digest of each (name, content digest): the same
// for equal files on any machine, whatever their order and offsets, and a change of one file costs
// one file (docs/adr/0002-content-digest.md).
//
// A build puts every file of every device in here: they stand in one array, and what a build asks
// of each of them needs no look at the segment, which no cache holds.
#pragma once

#include "control/image/sealed_object.h"
#include "dataplane/abi/image_format.h"
#include "dataplane/abi/segment_writer.h"
#include "dataplane/base/spread.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dialtone::image_build {

struct FileEntry {
  ObjectPtr segment;
  abi::FilePlace place;  // in it, with all but name and time as its record has them

  const abi::FileRecord& record() const noexcept {
    return *reinterpret_cast<const abi::FileRecord*>(segment->mapping.data() + place.offset);
  }
  std::span<const std::byte> content() const noexcept {
    return segment->mapping.bytes().subspan(record().content_offset, record().length);
  }
  bool same_content_as(const FileEntry& other) const noexcept {
    return place.digest == other.place.digest && place.length == other.place.length;
  }
  // Nobody needs the other one in its place. A built file is not the asset that it hides, though
  // it may be equal: one may go while the other stays.
  bool is_same_as(const FileEntry& other) const noexcept {
    return same_content_as(other) && place.origin == other.place.origin;
  }
};

class FileTable {
 public:
  using Files = std::vector<std::pair<std::string, FileEntry>>;

  FileTable() = default;
  // All at once, by several threads where they are many. Of two of one name the later one counts.
  explicit FileTable(Files files, const Spread& spread = Spread());

  // Until the next change of the table.
  const FileEntry* find(std::string_view name) const noexcept;

  void reserve(std::size_t files);
  // Adds the file, or puts it in the place of the one of that name.
  void put(std::string name, FileEntry entry);
  bool erase(std::string_view name);

  // Files that only one of the two has, or that are not the same.
  std::size_t count_differences(const FileTable& other, const Spread& spread = Spread()) const;

  std::size_t size() const noexcept { return files_.size(); }
  std::uint64_t content_bytes() const noexcept { return content_bytes_; }
  Digest content_digest() const noexcept { return digest_; }

  // In no order that means anything.
  auto begin() const noexcept { return files_.begin(); }
  auto end() const noexcept { return files_.end(); }

 private:
  // Open addressing with linear probing, at most two thirds full.
  struct Slot {
    std::uint32_t hash = 0;
    std::uint32_t file = 0;  // its number in files_, plus 1; 0: an empty slot
  };
  std::size_t mask() const noexcept { return slots_.size() - 1; }
  std::size_t slot_of(std::string_view name, std::uint32_t hash) const noexcept;
  void set_slots(std::size_t count);
  void clear_slot(std::size_t at) noexcept;
  void account(std::string_view name, const FileEntry& entry, bool added) noexcept;
  void drop_doubled(const std::vector<std::size_t>& doubled);

  Files files_;
  std::vector<Slot> slots_;  // a power of two of them; none while there is no file
  std::uint64_t content_bytes_ = 0;
  Digest digest_;
};

}  // namespace dialtone::image_build
