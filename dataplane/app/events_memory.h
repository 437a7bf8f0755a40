// SPDX-License-Identifier: Apache-2.0
//
// The events page of this process (abi/events_page.h), written by workers, and handed to control
// for reading. Made once at start.
#pragma once

#include "dataplane/abi/events_page.h"
#include "dataplane/app/shared_page.h"
#include "dataplane/base/tsc_clock.h"

#include <cstdint>
#include <span>

namespace dialtone::app {

class EventsMemory {
 public:
  // `records` for each worker, rounded up to a power of two.
  static Result<EventsMemory> create(std::uint32_t records, std::uint32_t workers);

  // For other processes: they can map it to read, not to write, and cannot resize it.
  int fd() const noexcept { return shared_.fd.get(); }
  abi::EventRing ring(std::uint32_t worker) const noexcept {
    return {shared_.page.writable_bytes(), worker};
  }
  std::span<const std::byte> bytes() const noexcept { return shared_.page.bytes(); }

  // Says which date it is now. The rate is measured once and is a little wrong, and the date may be
  // set: call it again and again. Housekeeper.
  void follow_clock(const TickRate& rate) const noexcept;

 private:
  explicit EventsMemory(SharedPage shared) : shared_(std::move(shared)) {}

  SharedPage shared_;
};

}  // namespace dialtone::app
