// SPDX-License-Identifier: Apache-2.0
//
// The files that control wants served, by canonical name, and where their bytes lie. Keeps the
// content digest of them all in step with each change. One thread.
//
// The content digest is the sum, modulo 2^128, of a digest of each (name, content digest): the same
// for equal files on any machine, whatever their order and offsets, and a change of one file costs
// one file (docs/adr/0002-content-digest.md).
#pragma once

#include "control/image/sealed_object.h"
#include "dataplane/abi/image_format.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace dialtone::image_build {

struct FileEntry {
  ObjectPtr segment;
  std::uint64_t offset = 0;  // of the FileRecord in it

  const abi::FileRecord& record() const noexcept {
    return *reinterpret_cast<const abi::FileRecord*>(segment->mapping.data() + offset);
  }
  std::span<const std::byte> content() const noexcept {
    return segment->mapping.bytes().subspan(record().content_offset, record().length);
  }
  bool same_content_as(const FileEntry& other) const noexcept {
    return record().digest == other.record().digest && record().length == other.record().length;
  }
};

class FileTable {
 public:
  const FileEntry* find(std::string_view name) const noexcept;

  // Adds the file, or puts it in the place of the one of that name.
  void put(std::string_view name, FileEntry entry);
  bool erase(std::string_view name);

  // Files that only one of the two has, or that differ in content.
  std::size_t count_differences(const FileTable& other) const noexcept;

  std::size_t size() const noexcept { return files_.size(); }
  std::uint64_t content_bytes() const noexcept { return content_bytes_; }
  Digest content_digest() const noexcept { return digest_; }

  auto begin() const noexcept { return files_.begin(); }
  auto end() const noexcept { return files_.end(); }

 private:
  struct NameHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view name) const noexcept {
      return std::hash<std::string_view>{}(name);
    }
  };
  void account(std::string_view name, const FileEntry& entry, bool added) noexcept;

  std::unordered_map<std::string, FileEntry, NameHash, std::equal_to<>> files_;
  std::uint64_t content_bytes_ = 0;
  Digest digest_;
};

}  // namespace dialtone::image_build
