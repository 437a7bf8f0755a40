// SPDX-License-Identifier: Apache-2.0
#include "dataplane/image/image_store.h"

#include "dataplane/base/check.h"
#include "dataplane/image/generation_loader.h"

#include <algorithm>

namespace dialtone::image {
namespace {

std::chrono::microseconds since(ImageStore::Clock::time_point begin) {
  return std::chrono::duration_cast<std::chrono::microseconds>(ImageStore::Clock::now() - begin);
}

}  // namespace

ImageStore::ImageStore(std::uint32_t workers, MapMode mode, StageLimits limits)
    : objects_(mode, limits), grace_(workers), pins_(workers) {
  for (std::uint32_t slot = abi::kSegmentSlots; slot > 0; --slot) {
    free_slots_.push_back(static_cast<std::uint16_t>(slot - 1));
  }
}

ImageStore::~ImageStore() = default;

const abi::Manifest* ImageStore::manifest() const noexcept {
  return generations_.empty() ? nullptr : &generations_.back()->live.view.manifest();
}

// False when too few slots are free; then nothing was assigned.
bool ImageStore::assign_slots(Generation& generation) {
  const auto fresh = [](const auto& segment) { return segment->slot == kNoSlot; };
  const auto wanted = static_cast<std::size_t>(
      std::count_if(generation.segments.begin(), generation.segments.end(), fresh));
  if (wanted > free_slots_.size()) {
    return false;
  }
  for (const auto& segment : generation.segments) {
    if (fresh(segment)) {
      segment->slot = free_slots_.back();
      free_slots_.pop_back();
    }
    generation.slots.push_back(segment->slot);
  }
  generation.live.slots = generation.slots;
  return true;
}

// From here on its objects belong to this generation, the newest.
void ImageStore::adopt(Generation& generation) {
  for (const auto& segment : generation.segments) {
    segment->newest_generation = generation.number;
    segment->last_grace.reset();
  }
  for (const auto& index : {generation.base, generation.delta}) {
    if (index != nullptr && index->newest_generation == 0) {
      const std::uint32_t count = abi::IndexView(index->bytes()).header().segment_count;
      for (std::uint32_t number = 0; number < count; ++number) {
        index->segment_ids.push_back(generation.segments[number]->id);
      }
    }
    if (index != nullptr) {
      index->newest_generation = generation.number;
    }
  }
}

Result<ImageStore::Outcome> ImageStore::publish(const abi::OfferMessage& offer, int manifest_fd) {
  DIALTONE_CHECK(!publishing_);
  const Clock::time_point began = Clock::now();
  if (generations_.size() >= abi::kMaxLiveGenerations) {
    return Outcome::kBusy;
  }
  if (!generations_.empty() && offer.generation <= generations_.back()->number) {
    return refused("generation " + std::to_string(offer.generation) + " is not newer than " +
                   std::to_string(generations_.back()->number) + ", which is served");
  }
  auto loaded = load_generation(objects_, offer, manifest_fd);
  if (!loaded) {
    return loaded.error();
  }
  if (!assign_slots(**loaded)) {
    return Outcome::kBusy;
  }
  Generation& generation = **loaded;
  adopt(generation);
  generations_.push_back(std::move(*loaded));
  // Release: workers that load the pointer see all of the generation. Pairs with current().
  current_.exchange(&generation.live, std::memory_order_acq_rel);
  publish_token_ = grace_.start();
  if (generations_.size() > 1) {
    Generation& old = *generations_[generations_.size() - 2];
    old.replaced = publish_token_;
    old.replaced_at = Clock::now();
  }
  objects_.drop_staged();
  publishing_ = true;
  began_ = began;
  return Outcome::kStarted;
}

// No worker can reach the generation any more: only segments may still be read, by their pins.
void ImageStore::hide(Generation& generation) {
  generation.hidden = true;
  generation.live = {};
  generation.manifest.reset();
  for (auto* index : {&generation.base, &generation.delta}) {
    if (*index != nullptr && (*index)->newest_generation == generation.number) {
      objects_.release(**index);
    }
    index->reset();
  }
}

void ImageStore::drain(Generation& generation) {
  std::erase_if(generation.segments, [&](const std::shared_ptr<Object>& segment) {
    if (segment->newest_generation > generation.number) {
      return true;  // a newer generation uses it and will see to it
    }
    if (pins_.sum(segment->slot) != 0) {
      return false;
    }
    // One more grace: the worker that unpinned has left the burst in which it did so.
    if (!segment->last_grace) {
      segment->last_grace = grace_.start();
      return false;
    }
    if (!grace_.passed(*segment->last_grace)) {
      return false;
    }
    free_slots_.push_back(segment->slot);
    objects_.release(*segment);
    return true;
  });
}

std::vector<StoreEvent> ImageStore::poll() {
  std::vector<StoreEvent> events;
  if (publishing_ && grace_.passed(publish_token_)) {
    publishing_ = false;
    events.push_back({StoreEvent::Kind::kPublished, generations_.back()->number, since(began_)});
  }
  // Any but the last, which is served. One that a long transfer keeps does not hold up the others.
  for (std::size_t i = 0; i + 1 < generations_.size();) {
    Generation& generation = *generations_[i];
    if (!generation.hidden && grace_.passed(generation.replaced)) {
      hide(generation);
    }
    if (generation.hidden) {
      drain(generation);
    }
    if (generation.hidden && generation.segments.empty()) {
      events.push_back(
          {StoreEvent::Kind::kRetired, generation.number, since(generation.replaced_at)});
      generations_.erase(generations_.begin() + static_cast<std::ptrdiff_t>(i));
    } else {
      ++i;
    }
  }
  return events;
}

}  // namespace dialtone::image
