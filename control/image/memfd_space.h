// SPDX-License-Identifier: Apache-2.0
//
// The memory of a segment while it is written: a memfd that grows by chunks, whose pages exist
// before anyone writes to them, so that a shortage of memory is an Error and not a SIGBUS. claim()
// may be called from many threads; all else from the one that made it.
#pragma once

#include "control/image/sealed_object.h"
#include "dataplane/abi/segment_writer.h"

#include <atomic>

namespace dialtone::image_build {

class MemfdSpace final : public abi::SegmentSpace {
 public:
  // `chunk` bytes are claimed at a time; a multiple of 4096, and of 2 MiB for huge pages.
  static Result<std::unique_ptr<MemfdSpace>> create(Pages pages, std::size_t chunk);

  // A claim that fails takes nothing: what was claimed before can still be finished.
  Result<Chunk> claim(std::size_t min_bytes) override;

  // Bytes claimed so far, the header included.
  std::uint64_t used() const noexcept { return next_.load(std::memory_order_relaxed); }
  bool empty() const noexcept { return used() == kCacheLine; }

  // Ends the segment. Nothing that claim() gave out may be touched afterwards.
  static Result<ObjectPtr> finish(std::unique_ptr<MemfdSpace> space);

 private:
  MemfdSpace(UniqueFd fd, Mapping mapping, Pages pages, std::size_t chunk) noexcept
      : fd_(std::move(fd)), mapping_(std::move(mapping)), pages_(pages), chunk_(chunk) {}

  UniqueFd fd_;
  Mapping mapping_;  // of the largest size a segment may have; pages come with claim()
  Pages pages_;
  std::size_t chunk_;
  std::atomic<std::uint64_t> next_{kCacheLine};
};

}  // namespace dialtone::image_build
