// SPDX-License-Identifier: Apache-2.0
//
// The events page of the connected dataplane, mapped, and its counters page, which has the names of
// the outcomes. Both are another process's data and were checked. Cold; one thread.
#pragma once

#include "control/publish/publisher.h"
#include "dataplane/abi/counters_page.h"
#include "dataplane/abi/events_page.h"
#include "dataplane/base/mapping.h"

#include <cstdint>
#include <utility>

namespace dialtone::daemon {

class MappedEvents {
 public:
  // kUnreachable when no dataplane is connected.
  static Result<MappedEvents> open(const publish::Publisher& publisher);

  const abi::EventsView& events() const noexcept { return events_; }
  const abi::CountersView& counters() const noexcept { return counters_; }

  // Of the newest records: few enough for each `status`.
  std::uint64_t faulty() const;

 private:
  MappedEvents(Mapping events_page, Mapping counters_page, abi::EventsView events,
               abi::CountersView counters) noexcept
      : events_page_(std::move(events_page)),
        counters_page_(std::move(counters_page)),
        events_(events),
        counters_(counters) {}

  Mapping events_page_;
  Mapping counters_page_;
  abi::EventsView events_;
  abi::CountersView counters_;
};

}  // namespace dialtone::daemon
