// SPDX-License-Identifier: Apache-2.0
//
// When each of many phones is to be looked at next: a ring of milliseconds, each with a list of
// phones. A phone stands in it once; who moves its deadline on does nothing here, it is put in
// again when its turn comes too early. One thread.
#pragma once

#include "dataplane/base/tsc_clock.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

namespace dialtone::emu {

class TimerWheel {
 public:
  TimerWheel(std::size_t phones, Micros now)
      : heads_(kSlots, kNone), next_(phones, kNone), at_(now / kSlot) {}

  // Later than a turn of the ring is a turn later: it comes too early, and is put in again.
  void add(std::uint32_t phone, Micros deadline) noexcept {
    const Micros first = at_ + 1;
    const Micros slot = std::clamp(deadline / kSlot + 1, first, first + kSlots - 2);
    next_[phone] = heads_[slot % kSlots];
    heads_[slot % kSlots] = phone;
  }

  // Calls `due` with each phone whose slot has passed; it may be added again from in there.
  template <typename Due>
  void turn(Micros now, const Due& due) {
    while (at_ < now / kSlot) {
      ++at_;
      std::uint32_t phone = std::exchange(heads_[at_ % kSlots], kNone);
      while (phone != kNone) {
        const std::uint32_t next = next_[phone];
        due(phone);
        phone = next;
      }
    }
  }

 private:
  static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
  static constexpr Micros kSlot = 1000;
  static constexpr std::size_t kSlots = 16384;  // 16 s

  std::vector<std::uint32_t> heads_;
  std::vector<std::uint32_t> next_;
  Micros at_;
};

}  // namespace dialtone::emu
