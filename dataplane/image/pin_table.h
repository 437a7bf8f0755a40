// SPDX-License-Identifier: Apache-2.0
//
// The pins of all workers: how many transfers of each worker still read the segment of each slot.
// A worker writes its own block through abi::Pins; the housekeeper adds them up.
#pragma once

#include "dataplane/abi/live_image.h"
#include "dataplane/base/cacheline.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace dialtone::image {

class PinTable {
 public:
  explicit PinTable(std::uint32_t workers)
      : workers_(workers), blocks_(std::make_unique<Block[]>(workers)) {}

  abi::Pins of(std::uint32_t worker) noexcept { return abi::Pins(blocks_[worker].counts); }

  // Acquire: pairs with the release in abi::Pins::unpin; at zero all copies are done.
  std::uint64_t sum(std::uint16_t slot) const noexcept {
    std::uint64_t sum = 0;
    for (std::uint32_t worker = 0; worker < workers_; ++worker) {
      sum += blocks_[worker].counts[slot].load(std::memory_order_acquire);
    }
    return sum;
  }

 private:
  struct alignas(kCacheLine) Block {
    std::atomic<std::uint32_t> counts[abi::kSegmentSlots] = {};
  };
  std::uint32_t workers_;
  std::unique_ptr<Block[]> blocks_;
};

}  // namespace dialtone::image
