// SPDX-License-Identifier: Apache-2.0
//
// The counters page of this process: a memfd that is laid out from the server's counter table,
// written by workers, and handed to control for reading. Made once at start.
#pragma once

#include "dataplane/app/shared_page.h"

#include <cstdint>
#include <span>

namespace dialtone::app {

class CountersMemory {
 public:
  static Result<CountersMemory> create(std::uint32_t workers);

  // For other processes: they can map it to read, not to write, and cannot resize it.
  int fd() const noexcept { return shared_.fd.get(); }
  std::span<std::uint64_t> worker(std::uint32_t number) const noexcept;
  std::span<const std::byte> bytes() const noexcept { return shared_.page.bytes(); }

 private:
  explicit CountersMemory(SharedPage shared) : shared_(std::move(shared)) {}

  SharedPage shared_;
};

}  // namespace dialtone::app
