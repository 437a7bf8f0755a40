// SPDX-License-Identifier: Apache-2.0
//
// What an image hands over: the objects of a generation, and what they take of memory.
#include "control/image/image.h"
#include "control/image/index_object.h"
#include "control/image/segment_stack.h"
#include "dataplane/base/cacheline.h"

#include <utility>

namespace dialtone::image_build {

Result<ObjectPtr> Image::make_delta() const {
  std::vector<abi::IndexItem> items;
  items.reserve(delta_.size());
  for (const auto& [name, item] : delta_) {
    items.push_back({name, item.kind, item.segment, item.offset});
  }
  return make_index(items, seed_, static_cast<std::uint32_t>(segment_count()));
}

Result<Offer> Image::offer(std::uint64_t generation, const ServedPolicy& policy,
                           std::span<const abi::Tombstone> tombstones) const {
  Offer offer;
  offer.generation = generation;
  offer.content_digest = files_.content_digest();
  offer.file_count = files_.size();
  offer.content_bytes = files_.content_bytes();
  offer.segments = base_segments_;
  offer.segments.insert(offer.segments.end(), delta_segments_.begin(), delta_segments_.end());
  offer.base = base_;
  if (!delta_.empty() && delta_object_ == nullptr) {
    auto delta = make_delta();
    if (!delta) {
      return delta.error();
    }
    delta_object_ = *std::move(delta);
  }
  offer.delta = delta_object_;
  auto manifest = make_manifest(offer, policy, tombstones);
  if (!manifest) {
    return manifest.error();
  }
  offer.manifest = *std::move(manifest);
  return offer;
}

std::vector<ObjectPtr> Image::objects() const {
  std::vector<ObjectPtr> objects = base_segments_;
  objects.insert(objects.end(), delta_segments_.begin(), delta_segments_.end());
  for (const ObjectPtr& index : {base_, delta_object_}) {
    if (index != nullptr) {
      objects.push_back(index);
    }
  }
  return objects;
}

std::uint64_t Image::memory_bytes() const noexcept {
  std::uint64_t bytes = base_ == nullptr ? 0 : base_->mapping.size();
  for (const auto* segments : {&base_segments_, &delta_segments_}) {
    for (const ObjectPtr& segment : *segments) {
      bytes += segment->mapping.size();
    }
  }
  return bytes;
}

std::uint64_t Image::huge_page_bytes() const noexcept {
  std::uint64_t bytes = 0;
  for (const auto* segments : {&base_segments_, &delta_segments_}) {
    for (const ObjectPtr& segment : *segments) {
      bytes += segment->pages == Pages::kHuge ? segment->mapping.size() : 0;
    }
  }
  return bytes;
}

std::uint64_t Image::next_huge_page_bytes() const noexcept {
  if (!huge_pages_ || files_.content_bytes() < SegmentStack::kHugeFrom) {
    return 0;
  }
  const std::uint64_t indexes = base_ == nullptr ? 0 : base_->mapping.size();
  return align_up(memory_bytes() - indexes, std::uint64_t{2} << 20);
}

}  // namespace dialtone::image_build
