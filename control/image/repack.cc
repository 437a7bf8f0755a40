// SPDX-License-Identifier: Apache-2.0
#include "control/image/repack.h"

#include "control/image/segment_stack.h"

#include <cstring>
#include <unordered_map>
#include <unordered_set>

namespace dialtone::image_build {
namespace {

struct Move {
  std::unordered_set<const SealedObject*> from;
  std::uint64_t bytes = 0;  // of the files that live there
};

Move plan(const FileTable& files, const std::vector<ObjectPtr>& always) {
  std::unordered_map<const SealedObject*, std::uint64_t> live;
  for (const auto& [name, entry] : files) {
    live[entry.segment.get()] += entry.record().length;
  }
  Move move;
  for (const ObjectPtr& segment : always) {
    move.from.insert(segment.get());
  }
  for (const auto& [segment, bytes] : live) {
    if (bytes < segment->size / 2) {
      move.from.insert(segment);
    }
    move.bytes += move.from.contains(segment) ? bytes : 0;
  }
  return move;
}

}  // namespace

Result<FileTable> repack(const FileTable& files, const std::vector<ObjectPtr>& always,
                         bool huge_pages) {
  const Move move = plan(files, always);
  SegmentStack stack(move.bytes, huge_pages);
  for (const auto& [name, entry] : files) {
    if (!move.from.contains(entry.segment.get())) {
      continue;
    }
    const abi::FileRecord& record = entry.record();
    const std::span<const std::byte> content = entry.content();
    auto room = stack.begin(name, content.size());
    if (!room) {
      return room.error();
    }
    if (!content.empty()) {
      std::memcpy(room->data(), content.data(), content.size());
    }
    stack.commit(content.size(), {record.origin, record.file_class, record.modified_s});
  }
  auto moved = stack.finish();
  if (!moved) {
    return moved.error();
  }
  FileTable result = files;
  for (auto& [name, entry] : *moved) {
    result.put(name, std::move(entry));
  }
  return result;
}

}  // namespace dialtone::image_build
