// SPDX-License-Identifier: Apache-2.0
#include "dataplane/image/generation_loader.h"

#include "dataplane/abi/image_validate.h"
#include "dataplane/abi/object_digest.h"

#include <algorithm>

namespace dialtone::image {
namespace {

constexpr std::size_t kMaxManifest =
    sizeof(abi::Manifest) + abi::kMaxSegments * sizeof(abi::SegmentRef) +
    abi::kMaxTombstones * sizeof(abi::Tombstone) + abi::kMaxClientRanges * sizeof(abi::ClientRange);

Result<Mapping> map_manifest(const abi::OfferMessage& offer, int fd, MapMode mode) {
  if (offer.size > kMaxManifest) {
    return refused("manifest: " + std::to_string(offer.size) + " bytes are too long");
  }
  auto mapping = map_sealed(fd, offer.size, mode);
  if (!mapping) {
    return Error{mapping.error().code, "manifest: " + mapping.error().text};
  }
  const auto bytes = mapping->bytes().first(offer.size);
  if (abi::object_digest(bytes) != offer.digest) {
    return refused("manifest: its digest is not the one of the offer");
  }
  DIALTONE_TRY(abi::validate_manifest(bytes));
  return mapping;
}

// An index was checked once against the segments that it pointed into. It may be used again only
// with the same segments at the same numbers.
Result<void> check_same_segments(const Object& index, const Generation& generation) {
  const std::vector<std::uint64_t>& ids = index.segment_ids;
  const auto same = [](std::uint64_t id, const std::shared_ptr<Object>& segment) {
    return id == segment->id;
  };
  if (ids.size() > generation.segments.size() ||
      !std::equal(ids.begin(), ids.end(), generation.segments.begin(), same)) {
    return refused("index " + id_text(index.id) +
                   " was published with other segments; give the new index a new id");
  }
  return {};
}

Result<std::shared_ptr<Object>> load_index(const ObjectTable& objects, const abi::IndexRef& ref,
                                           const Generation& generation) {
  auto index = objects.find(abi::ObjectKind::kIndex, ref.id, ref.size, ref.digest);
  if (!index) {
    return index.error();
  }
  if ((*index)->newest_generation != 0) {
    DIALTONE_TRY(check_same_segments(**index, generation));
    return index;
  }
  std::vector<std::span<const std::byte>> segments;
  for (const auto& segment : generation.segments) {
    segments.push_back(segment->bytes());
  }
  DIALTONE_TRY(abi::validate_index((*index)->bytes(), ref, segments, Spread::over_own_cpus()));
  return index;
}

abi::IndexView view_of(const std::shared_ptr<Object>& index) {
  return index == nullptr ? abi::IndexView() : abi::IndexView(index->bytes());
}

}  // namespace

Result<std::unique_ptr<Generation>> load_generation(const ObjectTable& objects,
                                                    const abi::OfferMessage& offer,
                                                    int manifest_fd) {
  auto mapping = map_manifest(offer, manifest_fd, objects.mode());
  if (!mapping) {
    return mapping.error();
  }
  auto generation = std::make_unique<Generation>();
  generation->manifest = std::move(*mapping);
  const auto& manifest =
      *reinterpret_cast<const abi::Manifest*>(generation->manifest.bytes().data());
  if (manifest.generation != offer.generation) {
    return refused("manifest: it is generation " + std::to_string(manifest.generation) +
                   ", the offer says " + std::to_string(offer.generation));
  }
  generation->number = manifest.generation;
  for (const abi::SegmentRef& ref : abi::segment_table(manifest)) {
    auto segment = objects.find(abi::ObjectKind::kSegment, ref.id, ref.size, ref.digest);
    if (!segment) {
      return segment.error();
    }
    generation->begins.push_back((*segment)->bytes().data());
    generation->segments.push_back(std::move(*segment));
  }
  auto base = load_index(objects, manifest.base, *generation);
  if (!base) {
    return base.error();
  }
  generation->base = std::move(*base);
  if (manifest.delta.id != 0) {
    auto delta = load_index(objects, manifest.delta, *generation);
    if (!delta) {
      return delta.error();
    }
    generation->delta = std::move(*delta);
  }
  const abi::IndexView base_view = view_of(generation->base);
  const abi::IndexView delta_view = view_of(generation->delta);
  DIALTONE_TRY(abi::validate_pair(base_view, delta_view));
  generation->live.view = abi::ImageView(&manifest, base_view, delta_view, generation->begins);
  return generation;
}

}  // namespace dialtone::image
