// SPDX-License-Identifier: Apache-2.0
//
// Which events of the dataplane a client wants, and those that are there. The rings hold the newest
// of each worker and nobody keeps others, so a client that follows says where it has read to. Cold;
// one thread.
#pragma once

#include "dataplane/abi/events_page.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace dialtone::daemon {

struct EventQuery {
  // For each worker the number of the first record that is wanted; none: the newest `limit`.
  std::optional<std::vector<std::uint64_t>> after = {};
  std::size_t limit = 100;
  std::optional<IpAddress> client = {};
  // A canonical part of a name, as "sep001122334455": everything from whoever asked for a file with
  // it in its name.
  std::string device = {};
};

struct FoundEvent {
  std::uint32_t worker;
  abi::Event event;
};

struct FoundEvents {
  std::vector<FoundEvent> events;   // the oldest first
  std::vector<std::uint64_t> next;  // `after` of the next query
  std::uint64_t lost = 0;           // overwritten between `after` and the oldest that is there
};

FoundEvents find_events(const abi::EventsView& view, const EventQuery& query);

}  // namespace dialtone::daemon
