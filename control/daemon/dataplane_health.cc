// SPDX-License-Identifier: Apache-2.0
#include "control/daemon/dataplane_health.h"

#include "control/daemon/map_page.h"

#include <algorithm>
#include <functional>
#include <iterator>

namespace dialtone::daemon {
namespace {

// The counter of each Count.
constexpr std::string_view kNames[] = {
    "requests_busy",      "drop_sessions_exhausted", "address_conflicts", "requests_under_attack",
    "drop_unanswered",    "packets_too_big",         "drop_source_rate",  "drop_prefix_rate",
    "drop_first_packets", "frames_received",         "port_missed",       "port_no_buffer",
    "port_broken",        "port_not_sent",           "frames_not_sent"};

// Nothing for a counter that this dataplane does not have.
std::optional<std::uint64_t> sum_of(const abi::CountersView& view, std::string_view name) {
  const auto counter = view.find(name);
  return counter ? std::optional(view.sum(*counter)) : std::nullopt;
}

// Keeps the time at which `is_so` became true.
void follow(std::optional<DataplaneHealth::Clock::time_point>& since, bool is_so,
            DataplaneHealth::Clock::time_point now) {
  if (!is_so) {
    since.reset();
  } else if (!since) {
    since = now;
  }
}

}  // namespace

void DataplaneHealth::look(const publish::Publisher& publisher, Clock::time_point now) {
  const abi::HelloMessage* hello = publisher.hello();
  const int fd = publisher.pages().counters_fd();
  if (hello == nullptr || fd < 0) {
    *this = {};
    return;
  }
  if (pid_ != hello->pid) {
    *this = {};
    pid_ = hello->pid;
    next_ = now;
  }
  if (now < next_) {
    return;
  }
  next_ = now + kBetweenLooks;
  seen_ = now;
  const auto page = map_page(fd, "counters");
  const auto view = page ? abi::CountersView::open(page->bytes()) : page.error();
  trouble_ = view ? "" : view.error().text;
  if (!view) {
    workers_.clear();
    return;
  }
  read(*view, hello->service == abi::ServiceState::kRunning, now);
}

void DataplaneHealth::read(const abi::CountersView& view, bool is_on, Clock::time_point now) {
  workers_.resize(view.workers(), Worker{.moved = now});
  const auto beat = view.find("heartbeat");
  const auto sessions = view.find("sessions_active");
  const auto limit = view.find("serving_limit");
  bool is_full = false;
  bool is_another = false;  // dataplane, with the same pid: its turns are counted anew
  for (std::size_t number = 0; number < workers_.size(); ++number) {
    Worker& worker = workers_[number];
    const auto value = [&](auto counter) { return counter ? view.value(*counter, number) : 0; };
    is_another = is_another || value(beat) < worker.beat;
    if (!beat || value(beat) != worker.beat) {
      worker.beat = value(beat);
      worker.moved = now;
    }
    worker.sessions = value(sessions);
    worker.limit = value(limit);
    is_full = is_full || worker.is_full();
  }
  waiting_ = sum_of(view, "parked_now").value_or(0);
  last_full_ = is_full ? now : last_full_;
  follow(full_since_, is_full, now);
  addresses_lost_ = sum_of(view, "addresses_lost").value_or(0);
  follow(lost_since_, addresses_lost_ != 0, now);
  follow(stopping_since_, is_on && sum_of(view, "stopping_now").value_or(0) != 0, now);
  follow(link_down_since_, sum_of(view, "link_up").value_or(1) == 0, now);

  static_assert(std::size(kNames) == kCounts);
  Reading reading{now, {}};
  for (std::size_t i = 0; i < kCounts; ++i) {
    reading.counts[i] = sum_of(view, kNames[i]).value_or(0);
  }
  if (is_another) {
    readings_.clear();
  }
  readings_.push_back(reading);
  while (readings_.size() > 1 && now - readings_[1].at >= kNarrowRemembered) {
    readings_.pop_front();
  }
  follow(attacked_since_, recent(kAttack) + recent(kUnanswered) >= kFewest, now);
}

bool DataplaneHealth::is_full() const noexcept {
  return !workers_.empty() && std::all_of(workers_.begin(), workers_.end(),
                                          [](const Worker& worker) { return worker.is_full(); });
}

std::uint64_t DataplaneHealth::recent(Count count, std::chrono::seconds within) const noexcept {
  if (readings_.empty()) {
    return 0;
  }
  // From the last reading that is older, or else the first.
  const auto younger =
      std::partition_point(readings_.begin() + 1, readings_.end(),
                           [&](const Reading& reading) { return seen_ - reading.at >= within; });
  // A count of the port may fall, when its driver or its interface begins anew.
  const std::uint64_t before = std::prev(younger)->counts[count];
  return std::max(readings_.back().counts[count], before) - before;
}

}  // namespace dialtone::daemon
