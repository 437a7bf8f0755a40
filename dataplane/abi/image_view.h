// SPDX-License-Identifier: Apache-2.0
//
// Read access to a mapped generation, for workers and for control: find a name, read its record.
// Holds pointers into mappings that somebody else owns and keeps alive (dataplane/image in the
// dataplane). Only for objects that image_validate.h has passed. Immutable once filled; any thread.
#pragma once

#include "dataplane/abi/image_format.h"
#include "dataplane/abi/name_key.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace dialtone::abi {

// One index, mapped.
class IndexView {
 public:
  IndexView() = default;
  explicit IndexView(std::span<const std::byte> bytes) noexcept
      : header_(reinterpret_cast<const IndexHeader*>(bytes.data())),
        lines_(reinterpret_cast<const IndexLine*>(bytes.data() + sizeof(IndexHeader))) {}

  bool present() const noexcept { return header_ != nullptr; }
  const IndexHeader& header() const noexcept { return *header_; }
  std::span<const IndexLine> lines() const noexcept { return {lines_, header_->line_count}; }

  std::uint64_t first_line(std::uint64_t key) const noexcept {
    return index_first_line(key, header_->line_count);
  }
  std::uint64_t second_line(std::uint64_t key, std::uint64_t first) const noexcept {
    return index_second_line(key, first, header_->line_count);
  }
  void prefetch(std::uint64_t key) const noexcept { __builtin_prefetch(&lines_[first_line(key)]); }

 private:
  const IndexHeader* header_ = nullptr;
  const IndexLine* lines_ = nullptr;
};

// A file that was found. `segment` is its number in the manifest.
struct FileRef {
  const FileRecord* record;
  const std::byte* content;
  const std::uint16_t* sums;  // null: none stored
  std::uint32_t segment;
  Kind kind;  // kFlat or kComposed

  std::string_view name() const noexcept {
    return {reinterpret_cast<const char*>(record + 1), record->name_length};
  }
  std::span<const std::byte> bytes() const noexcept { return {content, record->length}; }
};

class ImageView {
 public:
  // `segments[n]` is the begin of segment n; the array must outlive the view.
  ImageView() = default;
  ImageView(const Manifest* manifest, IndexView base, IndexView delta,
            std::span<const std::byte* const> segments) noexcept
      : manifest_(manifest), base_(base), delta_(delta), segments_(segments) {}

  bool present() const noexcept { return manifest_ != nullptr; }
  const Manifest& manifest() const noexcept { return *manifest_; }
  const Policy& policy() const noexcept { return manifest_->policy; }
  const IndexView& base() const noexcept { return base_; }
  const IndexView& delta() const noexcept { return delta_; }

  std::uint64_t seed() const noexcept { return base_.header().seed; }

  // Touches the lines that find() reads first, and mostly only; issue it a stage ahead.
  void prefetch(const NameKey& key) const noexcept {
    if (delta_.present()) {
      delta_.prefetch(key.key);
    }
    base_.prefetch(key.key);
  }

  // Hot, no allocation. The delta hides the base; nothing for a name that is absent or unknown.
  std::optional<FileRef> find(std::string_view canonical_name, const NameKey& key) const noexcept;
  std::optional<FileRef> find(std::string_view canonical_name) const noexcept {
    return find(canonical_name, name_key(canonical_name, seed()));
  }

  // The same in two steps, for who looks up many at once: the entry of a name that can be fetched,
  // else null; its record is asked for, and file_at() reads it a stage later.
  const IndexEntry* locate(std::string_view canonical_name, const NameKey& key) const noexcept;

  // Of a name that the index does not have; null: there is none. Whether its time is over is the
  // caller's to say.
  const Tombstone* find_tombstone(const NameKey& key) const noexcept;

  // The entry of a name in one of the two indexes, kAbsent ones too; null when it has none.
  const IndexEntry* find_entry(const IndexView& index, std::string_view canonical_name,
                               const NameKey& key) const noexcept;

  // The record behind an entry that is not empty.
  FileRef file_at(const IndexEntry& entry) const noexcept;

 private:
  const IndexEntry* find_in(const IndexLine& line, std::string_view canonical_name,
                            const NameKey& key) const noexcept;

  const Manifest* manifest_ = nullptr;
  IndexView base_;
  IndexView delta_;
  std::span<const std::byte* const> segments_;
};

}  // namespace dialtone::abi
