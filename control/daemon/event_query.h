// SPDX-License-Identifier: Apache-2.0
//
// Which events of the dataplane a client wants, and those that are there. The rings hold the newest
// of each worker and nobody keeps others, so a client that follows says where it has read to. Cold;
// one thread.
#pragma once

#include "dataplane/abi/events_page.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace dialtone::daemon {

// Looked at in all rings, the newest of each: whatever a page says of its size, a command ends soon
// and takes no more memory than these. 64 workers with rings of the usual size have as many.
inline constexpr std::uint64_t kMostRecords = std::uint64_t{1} << 20;

struct EventQuery {
  // For each worker the number of the first record that is wanted; none: the newest `limit`.
  std::optional<std::vector<std::uint64_t>> after = {};
  std::size_t limit = 100;
  std::optional<IpAddress> client = {};
  // A canonical part of a name, as "sep001122334455": everything from whoever asked for a file with
  // it in its name.
  std::string device = {};
  std::uint64_t most_records = kMostRecords;
};

struct FoundEvent {
  std::uint32_t worker;
  abi::Event event;
};

struct FoundEvents {
  std::vector<FoundEvent> events;   // the oldest first
  std::vector<std::uint64_t> next;  // `after` of the next query
  std::uint64_t lost = 0;           // overwritten, from `after` on
  std::uint64_t skipped = 0;        // from `after` on, in the rings still, older than most_records
  std::uint64_t faulty = 0;         // records that no sound dataplane writes; from `after` on
};

// `outcomes`: how many there are, the counters of the dataplane.
FoundEvents find_events(const abi::EventsView& view, std::size_t outcomes, const EventQuery& query);

// Sound records from `next` on, of each worker in its order; `next` moves behind them. Returns how
// many were overwritten, or are older than kMostRecords.
std::uint64_t read_new_events(const abi::EventsView& view, std::size_t outcomes,
                              std::vector<std::uint64_t>& next,
                              const std::function<void(const abi::Event&)>& use);

// The newest request for each of these names, by event_name_hash(), whatever became of it.
std::vector<std::optional<FoundEvent>> newest_requests(const abi::EventsView& view,
                                                       std::size_t outcomes,
                                                       std::span<const std::uint64_t> names);

// How many of the newest records are faulty, `most` of all rings together. It keeps none of them.
std::uint64_t count_faulty(const abi::EventsView& view, std::size_t outcomes, std::uint64_t most);

}  // namespace dialtone::daemon
