// SPDX-License-Identifier: Apache-2.0
#include "control/daemon/health_reading.h"

#include <iterator>
#include <string_view>

namespace dialtone::daemon {
namespace {

// The counter of each HealthCount.
constexpr std::string_view kNames[] = {
    "requests_busy",      "drop_sessions_exhausted", "address_conflicts", "requests_under_attack",
    "drop_unanswered",    "packets_too_big",         "drop_source_rate",  "drop_prefix_rate",
    "drop_first_packets", "frames_received",         "port_missed",       "port_no_buffer",
    "port_broken",        "port_not_sent",           "frames_not_sent"};
static_assert(std::size(kNames) == kHealthCounts);

std::optional<std::uint64_t> sum_of(const abi::CountersView& view, std::string_view name) {
  const auto counter = view.find(name);
  return counter ? std::optional(view.sum(*counter)) : std::nullopt;
}

}  // namespace

HealthReading read_health(const abi::CountersView& view) {
  HealthReading reading;
  const auto beat = view.find("heartbeat");
  const auto sessions = view.find("sessions_active");
  const auto limit = view.find("serving_limit");
  for (std::size_t number = 0; number < view.workers(); ++number) {
    WorkerReading& worker = reading.workers.emplace_back();
    if (beat) {
      worker.beat = view.value(*beat, number);
    }
    worker.sessions = sessions ? view.value(*sessions, number) : 0;
    worker.limit = limit ? view.value(*limit, number) : 0;
  }
  reading.waiting = sum_of(view, "parked_now").value_or(0);
  reading.addresses_lost = sum_of(view, "addresses_lost").value_or(0);
  reading.is_stopping = sum_of(view, "stopping_now").value_or(0) != 0;
  reading.link_is_up = sum_of(view, "link_up").value_or(1) != 0;
  for (std::size_t i = 0; i < kHealthCounts; ++i) {
    reading.counts[i] = sum_of(view, kNames[i]).value_or(0);
  }
  return reading;
}

}  // namespace dialtone::daemon
