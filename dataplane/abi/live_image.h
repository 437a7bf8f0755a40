// SPDX-License-Identifier: Apache-2.0
//
// A generation as workers see it: how to read it, and which pin keeps each of its segments mapped.
//
// A worker loads the pointer to its LiveImage once a burst and forgets it before it reports
// quiescent. A transfer outlives that: it holds a pointer into one segment, and keeps the segment
// mapped by the pin of its slot, +1 when it begins, -1 after its last byte was copied. Immutable;
// owned by dataplane/image.
#pragma once

#include "dataplane/abi/image_view.h"
#include "dataplane/base/tsc_clock.h"

#include <atomic>
#include <cstdint>
#include <span>

namespace dialtone::abi {

// Segments that may be mapped at one time, over all live generations.
inline constexpr std::uint32_t kSegmentSlots = 2 * kMaxSegments;
inline constexpr std::uint16_t kNoSlot = 0xffff;

struct LiveImage {
  ImageView view;
  std::span<const std::uint16_t> slots;  // segment number → slot, below kSegmentSlots
  Ticks published = 0;                   // tombstones count from here
};

// One worker's pins, kSegmentSlots of them. That worker alone writes; the housekeeper reads with
// acquire.
class Pins {
 public:
  explicit Pins(std::span<std::atomic<std::uint32_t>> counts) noexcept : counts_(counts) {}

  void pin(std::uint16_t slot) noexcept {
    std::atomic<std::uint32_t>& count = counts_[slot];
    count.store(count.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  }
  // Release: the housekeeper that sees the new count also sees that the copies are done.
  void unpin(std::uint16_t slot) noexcept {
    std::atomic<std::uint32_t>& count = counts_[slot];
    count.store(count.load(std::memory_order_relaxed) - 1, std::memory_order_release);
  }
  // Its own, for the worker.
  std::uint32_t count(std::uint16_t slot) const noexcept {
    return counts_[slot].load(std::memory_order_relaxed);
  }

 private:
  std::span<std::atomic<std::uint32_t>> counts_;
};

}  // namespace dialtone::abi
