// SPDX-License-Identifier: Apache-2.0
#include "control/image/segment_set.h"

#include <utility>

namespace dialtone::image_build {

Result<SegmentSet::Open> SegmentSet::space_of_thread() {
  const std::lock_guard lock(mutex_);
  Open& open = open_[std::this_thread::get_id()];
  if (open.space == nullptr || open.space->used() >= full_) {
    auto space = MemfdSpace::create(pages_, chunk_);
    if (!space) {
      return space.error();
    }
    spaces_.push_back(*std::move(space));
    open = {spaces_.back().get(), static_cast<std::uint32_t>(spaces_.size() - 1)};
  }
  return open;
}

Result<abi::SegmentSpace::Chunk> SegmentSet::claim(std::size_t min_bytes) {
  const auto open = space_of_thread();
  if (!open) {
    return open.error();
  }
  auto chunk = open->space->claim(min_bytes);
  if (chunk) {
    chunk->segment = open->number;
  }
  return chunk;
}

void SegmentSet::done(const Chunk& chunk) noexcept {
  MemfdSpace* space = nullptr;
  {
    const std::lock_guard lock(mutex_);
    space = spaces_[chunk.segment].get();
  }
  space->done(chunk);
}

Result<std::vector<ObjectPtr>> SegmentSet::finish() {
  std::vector<ObjectPtr> segments;
  for (std::unique_ptr<MemfdSpace>& space : spaces_) {
    auto segment = MemfdSpace::finish(std::move(space));
    if (!segment) {
      return segment.error();
    }
    segments.push_back(*std::move(segment));
  }
  spaces_.clear();
  open_.clear();
  return segments;
}

}  // namespace dialtone::image_build
