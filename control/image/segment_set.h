// SPDX-License-Identifier: Apache-2.0
//
// Segments that several threads fill at once, as a full build does: each thread has one of its own,
// since the kernel lets only one at a time write to a memfd, and goes on to another when it is
// full, so that a million phones are no special case. claim() and done() may be called from many
// threads; all else from the one that made it.
#pragma once

#include "control/image/memfd_space.h"

#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace dialtone::image_build {

class SegmentSet final : public abi::SegmentSpace {
 public:
  static constexpr std::uint64_t kFull = std::uint64_t{1} << 30;

  // `chunk` as MemfdSpace has it. Filled to `full` bytes, a thread's segment is left for a new one.
  SegmentSet(Pages pages, std::size_t chunk, std::uint64_t full = kFull) noexcept
      : pages_(pages), chunk_(chunk), full_(full) {}

  Result<Chunk> claim(std::size_t min_bytes) override;
  void done(const Chunk& chunk) noexcept override;

  // The segments, by the numbers that FilePlace has of them.
  Result<std::vector<ObjectPtr>> finish();

 private:
  struct Open {
    MemfdSpace* space = nullptr;  // null: none yet
    std::uint32_t number = 0;
  };
  Result<Open> space_of_thread();

  Pages pages_;
  std::size_t chunk_;
  std::uint64_t full_;
  std::mutex mutex_;  // of all below
  std::vector<std::unique_ptr<MemfdSpace>> spaces_;
  std::map<std::thread::id, Open> open_;
};

}  // namespace dialtone::image_build
