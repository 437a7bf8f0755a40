// SPDX-License-Identifier: Apache-2.0
//
// What changes leave in the image, and how it is folded: a merge of the delta's segments, or a new
// base.
#include "control/image/absences.h"
#include "control/image/image.h"
#include "control/image/repack.h"

#include <algorithm>
#include <unordered_set>

namespace dialtone::image_build {
namespace {

constexpr std::size_t kFewDeltaFiles = 1024;  // of less no image is given back

// When segments are merged; what is left up to kMaxDeltaSegments (image.cc) is for changes that
// come before there was a moment for it, and a change brings far less than kSegmentsOfAChange.
constexpr std::size_t kManyDeltaSegments = 256;
// Large ones of the delta, which merge() leaves there: the base is the place for more of them.
constexpr std::size_t kManyLasting = kManyDeltaSegments / 2;
constexpr std::size_t kSegmentsOfAChange = 64;
// A copy of more than this is not worth one segment less, where most of it lives.
constexpr std::uint64_t kLargeSegment = std::uint64_t{4} << 20;

// Less than this is never worth a copy of what lives.
constexpr std::uint64_t kMinDeadBytes = std::uint64_t{32} << 20;

}  // namespace

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

}  // namespace dialtone::image_build
