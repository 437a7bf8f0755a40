// SPDX-License-Identifier: Apache-2.0
#include "control/image/image.h"

#include "control/image/absences.h"
#include "control/image/index_object.h"
#include "control/image/repack.h"

#include <unordered_map>
#include <unordered_set>

namespace dialtone::image_build {
namespace {

constexpr std::size_t kMaxDeltaSegments = 512;
constexpr std::size_t kMaxBaseSegments = abi::kMaxSegments - kMaxDeltaSegments;

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

}  // namespace dialtone::image_build
