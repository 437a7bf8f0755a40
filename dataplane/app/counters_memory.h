// SPDX-License-Identifier: Apache-2.0
//
// The counters page of this process: a memfd that is laid out from the server's counter table,
// written by workers, and handed to control for reading. Made once at start.
#pragma once

#include "dataplane/base/mapping.h"
#include "dataplane/base/result.h"
#include "dataplane/base/unique_fd.h"

#include <cstdint>
#include <span>

namespace dialtone::app {

class CountersMemory {
 public:
  static Result<CountersMemory> create(std::uint32_t workers);

  // For other processes: they can map it to read, not to write, and cannot resize it.
  int fd() const noexcept { return fd_.get(); }
  std::span<std::uint64_t> worker(std::uint32_t number) const noexcept;
  std::span<const std::byte> bytes() const noexcept { return page_.bytes(); }

 private:
  CountersMemory(UniqueFd fd, Mapping page) : fd_(std::move(fd)), page_(std::move(page)) {}

  UniqueFd fd_;
  Mapping page_;
};

}  // namespace dialtone::app
