// SPDX-License-Identifier: Apache-2.0
#include "control/image/repack.h"

#include <cstring>
#include <unordered_map>
#include <unordered_set>

namespace dialtone::image_build {
namespace {

// Each compaction and each change of an asset leaves a segment behind. Above so many, those that
// are not large become one.
constexpr std::size_t kManySegments = 128;
constexpr std::uint64_t kLargeSegment = std::uint64_t{256} << 20;
// The part of a segment that may be dead: a full build finds room for an image of everything beside
// this one (docs/performance.md). Half of what is little.
constexpr std::uint64_t kMostDead = 16;
constexpr std::uint64_t kLittle = std::uint64_t{32} << 20;

// What a file takes of its segment.
constexpr std::uint64_t stored_bytes(std::size_t name, std::uint64_t length) noexcept {
  const std::uint64_t sums = (length + abi::kSumUnit - 1) / abi::kSumUnit * sizeof(std::uint16_t);
  return align_up(sizeof(abi::FileRecord) + name, kCacheLine) +
         align_up(align_up(length, sizeof(std::uint16_t)) + sums, kCacheLine);
}

std::unordered_set<const SealedObject*> segments_to_leave(const FileTable& files,
                                                          const std::vector<ObjectPtr>& always) {
  std::unordered_map<const SealedObject*, std::uint64_t> live;
  for (const auto& [name, entry] : files) {
    live[entry.segment.get()] += stored_bytes(name.size(), entry.place.length);
  }
  std::unordered_set<const SealedObject*> leave;
  for (const ObjectPtr& segment : always) {
    leave.insert(segment.get());
  }
  for (const auto& [segment, bytes] : live) {
    const bool small = live.size() > kManySegments && segment->size < kLargeSegment;
    const std::uint64_t most_dead = segment->size / (segment->size < kLittle ? 2 : kMostDead);
    if (small || bytes < segment->size - most_dead) {
      leave.insert(segment);
    }
  }
  return leave;
}

}  // namespace

Result<FileTable> repack(const FileTable& files, const std::vector<ObjectPtr>& always,
                         bool huge_pages) {
  const auto leave = segments_to_leave(files, always);
  std::vector<std::pair<std::string_view, const FileEntry*>> moving;
  for (const auto& [name, entry] : files) {
    if (leave.contains(entry.segment.get())) {
      moving.emplace_back(name, &entry);
    }
  }
  auto moved = copy_files(moving, huge_pages);
  if (!moved) {
    return moved.error();
  }
  FileTable result = files;
  for (auto& [name, entry] : *moved) {
    result.put(std::move(name), std::move(entry));
  }
  return result;
}

Result<SegmentStack::Files> copy_files(
    std::span<const std::pair<std::string_view, const FileEntry*>> files, bool huge_pages) {
  std::uint64_t bytes = 0;
  for (const auto& [name, entry] : files) {
    bytes += entry->place.length;
  }
  SegmentStack stack(bytes, huge_pages);
  for (const auto& [name, entry] : files) {
    const abi::FileRecord& record = entry->record();
    const std::span<const std::byte> content = entry->content();
    auto room = stack.begin(name, content.size());
    if (!room) {
      return room.error();
    }
    if (!content.empty()) {
      std::memcpy(room->data(), content.data(), content.size());
    }
    stack.commit(content.size(), {record.origin, record.file_class, record.modified_s});
  }
  return stack.finish();
}

}  // namespace dialtone::image_build
