// SPDX-License-Identifier: Apache-2.0
#include "control/daemon/served_watch.h"

#include "control/daemon/event_query.h"
#include "control/daemon/mapped_events.h"

namespace dialtone::daemon {

void ServedWatch::begin(const publish::Publisher& publisher) {
  if (trace_.is_watching()) {
    return;
  }
  pid_.reset();
  next_look_ = Clock::now() + kBetweenLooks;
  const auto events = MappedEvents::open(publisher);
  if (!events) {
    return;  // a dataplane that comes later begins with empty rings
  }
  pid_ = publisher.hello()->pid;
  next_.clear();
  for (std::uint32_t worker = 0; worker < events->events().workers(); ++worker) {
    next_.push_back(events->events().written(worker));
  }
}

void ServedWatch::look_when_due(const publish::Publisher& publisher, Clock::time_point now) {
  if (trace_.is_watching() && now >= next_look_) {
    next_look_ = now + kBetweenLooks;
    look(publisher);
  }
}

void ServedWatch::look(const publish::Publisher& publisher) {
  const auto shared = MappedEvents::open(publisher);
  if (!trace_.is_watching() || !shared) {
    return;
  }
  const abi::EventsView& events = shared->events();
  if (pid_ != publisher.hello()->pid || next_.size() != events.workers()) {
    pid_ = publisher.hello()->pid;
    next_.assign(events.workers(), 0);
  }
  const auto started = shared->counters().find("transfers_started");
  const auto not_found = shared->counters().find("requests_not_found");
  const std::uint64_t lost =
      read_new_events(events, shared->counters().size(), next_, [&](const abi::Event& event) {
        if (event.kind != abi::EventKind::kRequest) {
          return;
        }
        if (started == event.outcome) {
          trace_.see(event, events.wall_us(event), ChangeTrace::Answered::kData);
        } else if (not_found == event.outcome) {
          trace_.see(event, events.wall_us(event), ChangeTrace::Answered::kNotFound);
        }
      });
  trace_.settle(lost);
}

}  // namespace dialtone::daemon
