// SPDX-License-Identifier: Apache-2.0
#include "dataplane/image/image_store.h"

#include "dataplane/base/check.h"
#include "dataplane/image/generation_loader.h"

#include <rte_pause.h>

#include <algorithm>
#include <utility>

namespace dialtone::image {
namespace {

std::chrono::microseconds between(ImageStore::Clock::time_point begin,
                                  ImageStore::Clock::time_point end) {
  return std::chrono::duration_cast<std::chrono::microseconds>(end - begin);
}

}  // namespace

ImageStore::ImageStore(std::uint32_t workers, MapMode mode, StageLimits limits,
                       Clock::duration drain_deadline)
    : objects_(mode, limits), grace_(workers), pins_(workers), drain_deadline_(drain_deadline) {
  for (std::uint32_t slot = abi::kSegmentSlots; slot > 0; --slot) {
    free_slots_.push_back(static_cast<std::uint16_t>(slot - 1));
  }
}

ImageStore::~ImageStore() = default;

const abi::Manifest* ImageStore::manifest() const noexcept {
  return generations_.empty() ? nullptr : &generations_.back()->live.view.manifest();
}

std::vector<LiveGeneration> ImageStore::live(Clock::time_point now) const {
  std::vector<LiveGeneration> list;
  for (const auto& generation : generations_) {
    const bool served = generation == generations_.back();
    LiveGeneration item{generation->number, generation->manifest.size(), 0, {}};
    if (!served) {
      item.waiting =
          std::chrono::duration_cast<std::chrono::seconds>(now - generation->replaced_at);
    }
    for (const auto& segment : generation->segments) {
      if (segment->newest_generation == generation->number) {
        item.bytes += segment->mapping.size();
        item.transfers += pins_.sum(segment->slot);
      }
    }
    for (const auto& index : {generation->base, generation->delta}) {
      if (index != nullptr && index->newest_generation == generation->number) {
        item.bytes += index->mapping.size();
      }
    }
    list.push_back(item);
  }
  return list;
}

// False when too few slots are free; then nothing was assigned.
bool ImageStore::assign_slots(Generation& generation) {
  const auto fresh = [](const auto& segment) { return segment->slot == abi::kNoSlot; };
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

ImageStore::Outcome ImageStore::busy() noexcept {
  busy_at_ = generations_.size();
  return Outcome::kBusy;
}

Result<ImageStore::Outcome> ImageStore::publish(const abi::OfferMessage& offer, int manifest_fd) {
  DIALTONE_CHECK(!publishing_);
  const Clock::time_point began = Clock::now();
  if (generations_.size() >= abi::kMaxLiveGenerations) {
    return busy();
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
    return busy();
  }
  Generation& generation = **loaded;
  adopt(generation);
  generations_.push_back(std::move(*loaded));
  generation.live.published = read_tsc();
  // Release: workers that load the pointer see all of the generation. Pairs with current().
  current_.exchange(&generation.live, std::memory_order_acq_rel);
  publish_token_ = grace_.start();
  if (generations_.size() > 1) {
    Generation& old = *generations_[generations_.size() - 2];
    old.replaced = publish_token_;
    old.replaced_at = Clock::now();
  }
  objects_.drop_staged();
  busy_at_ = 0;
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
      if (drained_slot() == segment->slot) {
        drained_slot_.store(abi::kNoSlot, std::memory_order_relaxed);  // before the grace begins
      }
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

// Without an offer that waits an old generation costs memory that was granted to it; only then it
// costs somebody else. When one has been retired the next offer tells whether that was enough.
bool ImageStore::due_for_drain(const Generation& generation, Clock::time_point now) const noexcept {
  return busy_at_ != 0 && generations_.size() >= busy_at_ && generation.hidden &&
         now - generation.replaced_at >= drain_deadline_;
}

// One slot at a time, of the generation that was replaced first.
void ImageStore::end_transfers(Clock::time_point now, std::vector<StoreEvent>& events) {
  std::uint16_t slot = abi::kNoSlot;
  if (Generation& oldest = *generations_.front(); due_for_drain(oldest, now)) {
    for (const auto& segment : oldest.segments) {
      if (segment->newest_generation <= oldest.number && pins_.sum(segment->slot) != 0) {
        slot = segment->slot;
      }
    }
    if (slot != abi::kNoSlot && !std::exchange(oldest.overdue, true)) {
      events.push_back(
          {StoreEvent::Kind::kOverdue, oldest.number, between(oldest.replaced_at, now)});
    }
  }
  if (slot != drained_slot()) {  // workers load its line in each turn
    drained_slot_.store(slot, std::memory_order_relaxed);
  }
}

void ImageStore::await_grace(Clock::duration most) noexcept {
  const Clock::time_point end = Clock::now() + most;
  while (publishing_ && !grace_.passed(publish_token_) && Clock::now() < end) {
    rte_pause();
  }
}

std::vector<StoreEvent> ImageStore::poll(Clock::time_point now) {
  std::vector<StoreEvent> events;
  if (draining()) {
    end_transfers(now, events);
  }
  if (publishing_ && grace_.passed(publish_token_)) {
    publishing_ = false;
    events.push_back(
        {StoreEvent::Kind::kPublished, generations_.back()->number, between(began_, now)});
    // To unmap stops the workers for a moment, one CPU after the other: control hears first.
    return events;
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
          {StoreEvent::Kind::kRetired, generation.number, between(generation.replaced_at, now)});
      generations_.erase(generations_.begin() + static_cast<std::ptrdiff_t>(i));
    } else {
      ++i;
    }
  }
  return events;
}

}  // namespace dialtone::image
