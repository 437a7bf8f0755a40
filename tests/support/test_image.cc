// SPDX-License-Identifier: Apache-2.0
#include "tests/support/test_image.h"

#include "control/image/policy.h"
#include "dataplane/abi/object_digest.h"
#include "dataplane/base/check.h"

#include <algorithm>
#include <cstring>

namespace dialtone::test {
namespace {

constexpr std::uint64_t kSegmentId = 11;
constexpr std::uint64_t kIndexId = 22;

}  // namespace

AlignedBytes::AlignedBytes(std::size_t size)
    : data_(new (std::align_val_t{kCacheLine}) std::byte[size]()), size_(size) {}

HeapSpace::HeapSpace(std::size_t capacity, std::size_t chunk) : memory_(capacity), chunk_(chunk) {}

Result<abi::SegmentSpace::Chunk> HeapSpace::claim(std::size_t min_bytes) {
  const std::size_t size = align_up(min_bytes, chunk_);
  const std::size_t offset = next_.fetch_add(size);
  if (offset + size > memory_.span().size()) {
    next_.fetch_sub(size);
    return failed("the test segment is full");
  }
  return Chunk{memory_.span().subspan(offset, size), offset};
}

abi::Policy unlimited_policy() {
  abi::Policy policy = image_build::default_policy();
  policy.retransmits = 5;
  policy.first_copies = 5;
  policy.source_requests = 0;
  policy.prefix_requests = 0;
  policy.first_packets = 0;
  policy.unproven_bytes = 0;
  policy.proven_s = 3600;
  return policy;
}

TestImage::TestImage(std::size_t capacity, std::uint64_t generation)
    : space_(capacity), writer_(space_), generation_(generation), policy_(unlimited_policy()) {}

TestImage& TestImage::add(std::string_view name, std::string_view content,
                          abi::FileClass file_class) {
  auto room = writer_.begin(name, content.size());
  DIALTONE_CHECK(room.ok());
  if (!content.empty()) {
    std::memcpy(room->data(), content.data(), content.size());
  }
  const abi::FilePlace place =
      writer_.commit(content.size(), {abi::Origin::kAsset, file_class, 1700000000});
  names_.emplace_back(name);
  items_.push_back({names_.back(), abi::Kind::kFlat, 0, place.offset});
  return *this;
}

TestImage& TestImage::add_kind(std::string_view name, std::string_view content, abi::Kind kind) {
  add(name, content);
  items_.back().kind = kind;
  return *this;
}

TestImage& TestImage::add_tombstone(std::string_view name, std::uint32_t left_ms) {
  tombstones_.push_back({abi::name_key(name, kTestSeed).key, left_ms, 0});
  return *this;
}

TestImage& TestImage::build() {
  const std::span<std::byte> segment = space_.used();
  abi::write_segment_header(segment, kSegmentId, segment.size());
  index_ = std::make_unique<AlignedBytes>(abi::index_size(items_.size()));
  DIALTONE_CHECK(abi::build_index(items_, kIndexId, kTestSeed, 1, index_->span()).ok());
  std::ranges::sort(tombstones_, {}, &abi::Tombstone::key);
  const auto tombstones = std::as_bytes(std::span(tombstones_));
  const auto ranges = std::as_bytes(std::span(client_ranges_));
  const std::size_t fixed = sizeof(abi::Manifest) + sizeof(abi::SegmentRef);
  manifest_ = std::make_unique<AlignedBytes>(fixed + tombstones.size() + ranges.size());
  const auto end = std::ranges::copy(tombstones, manifest_->span().data() + fixed).out;
  std::ranges::copy(ranges, end);
  abi::Manifest& head = manifest();
  head.magic = abi::kManifestMagic;
  head.version = abi::kImageVersion;
  head.segment_count = 1;
  head.generation = generation_;
  head.file_count = items_.size();
  head.policy = policy_;
  head.tombstone_count = static_cast<std::uint32_t>(tombstones_.size());
  head.client_range_count = static_cast<std::uint32_t>(client_ranges_.size());
  refresh_refs();
  segment_base_ = segment.data();
  live_ = {abi::ImageView(&head, abi::IndexView(index_->span()), {}, {&segment_base_, 1}),
           {&slot_, 1}};
  return *this;
}

void TestImage::refresh_refs() {
  abi::Manifest& head = manifest();
  head.base = {kIndexId, index_bytes().size(), abi::object_digest(index_bytes())};
  const abi::SegmentRef segment{kSegmentId, segment_bytes().size(),
                                abi::object_digest(segment_bytes())};
  std::memcpy(manifest_bytes().data() + sizeof(abi::Manifest), &segment, sizeof(segment));
}

}  // namespace dialtone::test
