// SPDX-License-Identifier: Apache-2.0
#include "control/image/repack.h"

#include "control/image/segment_stack.h"

#include <cstring>
#include <unordered_map>
#include <unordered_set>

namespace dialtone::image_build {
namespace {

using SegmentSet = std::unordered_set<const SealedObject*>;

SegmentSet segments_to_empty(const FileTable& files, const std::vector<ObjectPtr>& always) {
  std::unordered_map<const SealedObject*, std::uint64_t> live;
  for (const auto& [name, entry] : files) {
    live[entry.segment.get()] += entry.record().length;
  }
  SegmentSet set;
  for (const ObjectPtr& segment : always) {
    set.insert(segment.get());
  }
  for (const auto& [segment, bytes] : live) {
    if (bytes < segment->size / 2) {
      set.insert(segment);
    }
  }
  return set;
}

}  // namespace

Result<FileTable> repack(const FileTable& files, const std::vector<ObjectPtr>& always) {
  const SegmentSet emptied = segments_to_empty(files, always);
  SegmentStack stack;
  for (const auto& [name, entry] : files) {
    if (!emptied.contains(entry.segment.get())) {
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
