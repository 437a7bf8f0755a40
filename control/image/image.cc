// SPDX-License-Identifier: Apache-2.0
#include "control/image/image.h"

#include "control/image/index_object.h"
#include "control/image/memfd_space.h"
#include "control/image/repack.h"

#include <algorithm>
#include <cstring>
#include <unordered_map>
#include <unordered_set>

namespace dialtone::image_build {
namespace {

// Measured: above these a publish costs more than the new base (generator facts, section 5).
constexpr std::size_t kMaxDeltaFiles = 16384;
constexpr std::size_t kFewDeltaFiles = 1024;  // of less no image is given back
constexpr std::size_t kMaxDeltaSegments = 512;
constexpr std::size_t kMaxBaseSegments = abi::kMaxSegments - kMaxDeltaSegments;

// When segments are merged; what is left up to kMaxDeltaSegments is for changes that come before
// there was a moment for it, and a change brings far less than kSegmentsOfAChange.
constexpr std::size_t kManyDeltaSegments = 256;
// Large ones of the delta, which merge() leaves there: the base is the place for more of them.
constexpr std::size_t kManyLasting = kManyDeltaSegments / 2;
constexpr std::size_t kSegmentsOfAChange = 64;
// A copy of more than this is not worth one segment less, where most of it lives.
constexpr std::uint64_t kLargeSegment = std::uint64_t{4} << 20;

// Less than this is never worth a copy of what lives.
constexpr std::uint64_t kMinDeadBytes = std::uint64_t{32} << 20;

// A full build in which less than this share differs is a change over what is there.
constexpr std::size_t kFewShare = 20;

constexpr std::size_t kSmallChunk = 16 * 1024;

std::size_t segment_count_of(const FileTable& files) {
  std::unordered_set<const SealedObject*> segments;
  const SealedObject* last = nullptr;  // files of a segment mostly stand together
  for (const auto& [name, entry] : files) {
    if (entry.segment.get() != last) {
      last = entry.segment.get();
      segments.insert(last);
    }
  }
  return segments.size();
}

// Records of names that an image is not to have, in their order; no segment when there are none.
struct Absences {
  ObjectPtr segment;
  std::vector<std::uint64_t> offsets;
};

// An absent name needs a record of its own, for the name.
Result<Absences> write_absences(const std::vector<std::string>& names) {
  if (names.empty()) {
    return Absences{};
  }
  auto space = MemfdSpace::create(Pages::kSmall, kSmallChunk);
  if (!space) {
    return space.error();
  }
  Absences absences;
  {
    abi::SegmentWriter writer(**space);
    for (const std::string& name : names) {
      if (auto room = writer.begin(name, 0); !room) {
        return room.error();
      }
      absences.offsets.push_back(writer.commit(0, {}).offset);
    }
  }
  auto segment = MemfdSpace::finish(*std::move(space));
  if (!segment) {
    return segment.error();
  }
  absences.segment = *std::move(segment);
  return absences;
}

}  // namespace

bool Image::base_has(std::string_view name) const noexcept {
  return base_ != nullptr && base_view_.find(name).has_value();
}

Result<void> Image::set_base(const FileTable& files) {
  std::vector<ObjectPtr> segments;
  std::unordered_map<const SealedObject*, std::uint32_t> numbers;
  std::vector<abi::IndexItem> items;
  items.reserve(files.size());
  const SealedObject* last = nullptr;
  std::uint32_t number = 0;  // of `last`
  for (const auto& [name, entry] : files) {
    if (entry.segment.get() != last) {
      last = entry.segment.get();
      const auto [known, is_new] =
          numbers.emplace(last, static_cast<std::uint32_t>(segments.size()));
      if (is_new) {
        segments.push_back(entry.segment);
      }
      number = known->second;
    }
    items.push_back({name, abi::Kind::kFlat, number, entry.place.offset});
  }
  if (segments.size() > kMaxBaseSegments) {
    return refused("the files need " + std::to_string(segments.size()) +
                   " segments, which leaves no room for changes; serve fewer bytes");
  }
  const std::uint64_t seed = random_id();
  auto base = make_index(items, seed, static_cast<std::uint32_t>(segments.size()));
  if (!base) {
    return base.error();
  }
  take_base(*std::move(base), std::move(segments));
  return {};
}

void Image::take_base(ObjectPtr base, std::vector<ObjectPtr> segments) {
  base_ = std::move(base);
  seed_ = abi::IndexView(base_->bytes()).header().seed;
  base_segments_ = std::move(segments);
  base_begins_.clear();
  for (const ObjectPtr& segment : base_segments_) {
    base_begins_.push_back(segment->mapping.data());
  }
  base_view_ = abi::ImageView(nullptr, abi::IndexView(base_->bytes()), {}, base_begins_);
  delta_.clear();
  set_delta_segments({});
  delta_object_.reset();
}

// The delta's segments anew, and none of their bytes in use yet.
void Image::set_delta_segments(std::vector<ObjectPtr> segments) {
  numbers_.clear();
  for (std::uint32_t i = 0; i < base_segments_.size(); ++i) {
    numbers_.emplace(base_segments_[i].get(), i);
  }
  delta_segments_.clear();
  delta_live_.clear();
  delta_held_bytes_ = 0;
  delta_live_bytes_ = 0;
  delta_least_dead_bytes_ = 0;
  for (const ObjectPtr& segment : segments) {
    number_of(segment);
  }
}

Result<std::size_t> Image::rebase(FileTable files, const ChangedFile& tell) {
  const std::size_t changed = files.count_differences(files_, spread_);
  if (changed == 0 && version_ != 0) {
    return changed;
  }
  if (version_ != 0 && changed <= files.size() / kFewShare &&
      delta_.size() + changed <= kMaxDeltaFiles) {
    DIALTONE_TRY(apply_few(files, tell));
    return changed;
  }
  if (segment_count_of(files) > kMaxBaseSegments) {
    auto packed = repack(files, {}, huge_pages_);
    if (!packed) {
      return packed.error();
    }
    files = *std::move(packed);
  }
  DIALTONE_TRY(set_base(files));
  files_ = std::move(files);
  ++version_;
  return changed;
}

// Copies: one small file must not hold the segments of a whole build.
Result<void> Image::apply_few(const FileTable& files, const ChangedFile& tell) {
  ImageChange change;
  std::vector<std::pair<std::string_view, const FileEntry*>> different;
  for (const auto& [name, entry] : files) {
    const FileEntry* old = files_.find(name);
    if (old == nullptr || !old->is_same_as(entry)) {
      different.emplace_back(name, &entry);
    }
  }
  for (const auto& [name, entry] : files_) {
    if (files.find(name) == nullptr) {
      change.gone.push_back(name);
    }
  }
  auto copies = copy_files(different, huge_pages_);
  if (!copies) {
    return copies.error();
  }
  change.put = *std::move(copies);
  const auto applied = apply(std::move(change), tell);
  return applied ? Result<void>() : applied.error();
}

// A manifest names each segment once: a file of the base that comes back lies where it lay.
std::uint32_t Image::number_of(const ObjectPtr& segment) {
  const auto [known, is_new] =
      numbers_.emplace(segment.get(), static_cast<std::uint32_t>(segment_count()));
  if (is_new) {
    delta_segments_.push_back(segment);
    delta_live_.push_back(0);
    delta_held_bytes_ += segment->mapping.size();
  }
  return known->second;
}

void Image::add_live(const FileEntry& file) {
  const std::uint32_t number = number_of(file.segment);
  if (number >= base_segments_.size()) {
    delta_live_[number - base_segments_.size()] += file.place.length;
    delta_live_bytes_ += file.place.length;
  }
}

void Image::take_live(const FileEntry& file) {
  const std::uint32_t number = number_of(file.segment);
  if (number >= base_segments_.size()) {
    delta_live_[number - base_segments_.size()] -= file.place.length;
    delta_live_bytes_ -= file.place.length;
  }
}

void Image::hide(const std::vector<std::string>& names, const ObjectPtr& segment,
                 const std::vector<std::uint64_t>& offsets) {
  if (names.empty()) {
    return;
  }
  const std::uint32_t number = number_of(segment);
  for (std::size_t i = 0; i < names.size(); ++i) {
    delta_.insert_or_assign(names[i], DeltaItem{abi::Kind::kAbsent, number, offsets[i]});
  }
}

Result<std::size_t> Image::apply(ImageChange change, const ChangedFile& tell) {
  std::vector<std::string> hidden;  // gone names that the base has
  std::vector<std::string> gone;
  for (std::string& name : change.gone) {
    if (files_.find(name) == nullptr) {
      continue;
    }
    if (base_has(name)) {
      hidden.push_back(name);
    }
    gone.push_back(std::move(name));
  }
  const auto absences = write_absences(hidden);
  if (!absences) {
    return absences.error();
  }
  // Nothing fails from here on.
  hide(hidden, absences->segment, absences->offsets);
  delta_object_.reset();
  std::size_t changed = gone.size();
  for (const std::string& name : gone) {
    if (const FileEntry* old = files_.find(name); old != nullptr) {
      take_live(*old);
    }
    files_.erase(name);
    if (!base_has(name)) {
      delta_.erase(name);
    }
    if (tell) {
      tell(name, /*is_gone=*/true);
    }
  }
  if (change.put.size() > delta_.size()) {
    delta_.reserve(delta_.size() + change.put.size());
  }
  const SealedObject* last = nullptr;  // files of a segment mostly stand together
  std::uint32_t number = 0;            // of `last`
  for (auto& [name, entry] : change.put) {
    const FileEntry* old = files_.find(name);
    if (old != nullptr && old->is_same_as(entry)) {
      continue;
    }
    if (entry.segment.get() != last) {
      last = entry.segment.get();
      number = number_of(entry.segment);
    }
    delta_.insert_or_assign(name, DeltaItem{abi::Kind::kFlat, number, entry.place.offset});
    if (old != nullptr) {
      take_live(*old);
    }
    add_live(entry);
    files_.put(name, std::move(entry));
    if (tell) {
      tell(name, /*is_gone=*/false);
    }
    ++changed;
  }
  version_ += changed == 0 ? 0 : 1;
  return changed;
}

// Only the delta counts: merge() is sure to leave such segments. What it did not give back, records
// and names of tiny files, it is not asked for again.
bool Image::delta_is_mostly_dead() const noexcept {
  return delta_dead_bytes() >
         delta_least_dead_bytes_ + std::max(kMinDeadBytes, delta_held_bytes_ / 2);
}

std::uint64_t Image::delta_dead_bytes() const noexcept {
  return delta_held_bytes_ - std::min(delta_held_bytes_, delta_live_bytes_);
}

// Those that a merge passes over.
std::size_t Image::lasting_segments() const noexcept {
  std::size_t count = 0;
  for (std::size_t i = 0; i < delta_segments_.size(); ++i) {
    count += must_move(i) ? 0 : 1;
  }
  return count;
}

bool Image::wants_merge() const noexcept {
  const std::size_t count = delta_segments_.size();
  return delta_is_mostly_dead() ||
         (count > kManyDeltaSegments && count - lasting_segments() > kManyLasting);
}

bool Image::must_merge() const noexcept {
  return segment_count() > abi::kMaxSegments - kSegmentsOfAChange;
}

// Small or mostly dead; those of names that are gone are small.
bool Image::must_move(std::size_t i) const noexcept {
  const std::uint64_t size = delta_segments_[i]->size;
  return size < kLargeSegment || delta_live_[i] < size / 2;
}

std::vector<ObjectPtr> Image::segments_to_merge() const {
  std::vector<ObjectPtr> merged;
  for (std::size_t i = 0; i < delta_segments_.size(); ++i) {
    if (must_move(i)) {
      merged.push_back(delta_segments_[i]);
    }
  }
  return merged;
}

Result<void> Image::merge() {
  const std::vector<ObjectPtr> merged = segments_to_merge();
  std::unordered_set<const SealedObject*> leave;
  for (const ObjectPtr& segment : merged) {
    leave.insert(segment.get());
  }
  std::vector<std::pair<std::string_view, const FileEntry*>> moving;
  std::vector<std::string> hidden;
  for (const auto& [name, item] : delta_) {
    const FileEntry* file = files_.find(name);
    if (file == nullptr) {
      hidden.push_back(name);
    } else if (leave.contains(file->segment.get())) {
      moving.emplace_back(name, file);
    }
  }
  auto files = copy_files(moving, huge_pages_);
  if (!files) {
    return files.error();
  }
  const auto absences = write_absences(hidden);
  if (!absences) {
    return absences.error();
  }
  // Nothing fails from here on.
  std::vector<ObjectPtr> staying = delta_segments_;
  std::erase_if(staying, [&](const ObjectPtr& segment) { return leave.contains(segment.get()); });
  set_delta_segments(std::move(staying));
  hide(hidden, absences->segment, absences->offsets);
  for (auto& [name, entry] : *files) {
    files_.put(name, std::move(entry));
  }
  for (auto& [name, item] : delta_) {
    if (const FileEntry* file = files_.find(name); file != nullptr) {
      item = {abi::Kind::kFlat, number_of(file->segment), file->place.offset};
      add_live(*file);
    }
  }
  delta_least_dead_bytes_ = delta_dead_bytes();
  delta_object_.reset();
  return {};
}

bool Image::wants_compact() const noexcept {
  const bool is_much = files_.content_bytes() > 2 * kMinDeadBytes && delta_.size() > kFewDeltaFiles;
  return delta_.size() > kMaxDeltaFiles || (is_much && delta_.size() > files_.size() / kFewShare) ||
         (delta_segments_.size() > kManyLasting && lasting_segments() > kManyLasting);
}

Result<void> Image::compact() {
  const std::uint64_t before = memory_bytes();
  auto files = repack(files_, segments_to_merge(), huge_pages_);
  if (!files) {
    return files.error();
  }
  DIALTONE_TRY(set_base(*files));
  files_ = *std::move(files);
  if (memory_bytes() + kMinDeadBytes < before) {
    ++version_;
  }
  return {};
}

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
