// SPDX-License-Identifier: Apache-2.0
//
// Names that were looked for and are not there, each until a moment: a manifest carries them to the
// dataplane, which then asks no more for them (docs/image-format.md). At most abi::kMaxTombstones;
// the oldest makes way. One thread.
#pragma once

#include "control/image/file_table.h"
#include "dataplane/abi/image_format.h"

#include <chrono>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

namespace dialtone::image_build {

class Tombstones {
 public:
  using Clock = std::chrono::steady_clock;

  void add(std::string name, Clock::time_point until);

  // Moves on when there is something new to be published. That one runs out is nothing new.
  std::uint64_t version() const noexcept { return version_; }

  // As a manifest has them: those in force at `now` whose name `files` does not have.
  std::vector<abi::Tombstone> table(Clock::time_point now, std::uint64_t seed,
                                    const FileTable& files) const;

 private:
  struct Absent {
    std::string name;
    Clock::time_point until;
  };
  std::deque<Absent> absent_;
  std::uint64_t version_ = 0;
};

}  // namespace dialtone::image_build
