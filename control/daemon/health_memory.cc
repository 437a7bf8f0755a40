// SPDX-License-Identifier: Apache-2.0
#include "control/daemon/health_memory.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace dialtone::daemon {
namespace {

using enum HealthCount;

// Keeps the time at which `is_so` became true.
void follow(HealthMemory::Since& since, bool is_so, HealthMemory::Clock::time_point now) {
  if (!is_so) {
    since.reset();
  } else if (!since) {
    since = now;
  }
}

}  // namespace

bool HealthMemory::note_beats(const HealthReading& reading) {
  bool is_another = false;
  moved_.resize(reading.workers.size(), seen_);
  for (std::size_t number = 0; number < reading.workers.size(); ++number) {
    const auto& beat = reading.workers[number].beat;
    const auto before =
        number < now_.workers.size() ? now_.workers[number].beat : std::optional<std::uint64_t>();
    is_another = is_another || (beat && before && *beat < *before);
    if (!beat || beat != before) {
      moved_[number] = seen_;
    }
  }
  return is_another;
}

void HealthMemory::note(HealthReading reading, bool is_on, Clock::time_point now) {
  seen_ = now;
  if (note_beats(reading)) {
    counted_.clear();
  }
  now_ = std::move(reading);
  const bool is_full = std::any_of(now_.workers.begin(), now_.workers.end(),
                                   [](const WorkerReading& worker) { return worker.is_full(); });
  last_full_ = is_full ? now : last_full_;
  follow(full_since_, is_full, now);
  follow(lost_since_, now_.addresses_lost != 0, now);
  follow(stopping_since_, is_on && now_.is_stopping, now);
  follow(link_down_since_, !now_.link_is_up, now);
  counted_.push_back({now, now_.counts});
  while (counted_.size() > 1 && now - counted_[1].at >= kNarrowRemembered) {
    counted_.pop_front();
  }
  follow(attacked_since_, recent(kAttack) + recent(kUnanswered) >= kFewest, now);
}

std::uint64_t HealthMemory::recent(HealthCount count, std::chrono::seconds within) const noexcept {
  if (counted_.empty()) {
    return 0;
  }
  // From the last look that is older, or else the first.
  const auto younger =
      std::partition_point(counted_.begin() + 1, counted_.end(),
                           [&](const Counted& each) { return seen_ - each.at >= within; });
  // A count of the port may fall, when its driver or its interface begins anew.
  const auto place = static_cast<std::size_t>(count);
  const std::uint64_t before = std::prev(younger)->counts[place];
  return std::max(counted_.back().counts[place], before) - before;
}

}  // namespace dialtone::daemon
