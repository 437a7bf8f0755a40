// SPDX-License-Identifier: Apache-2.0
#include "control/daemon/mapped_events.h"

#include "control/daemon/event_query.h"
#include "control/daemon/map_page.h"

#include <string>

namespace dialtone::daemon {
namespace {

constexpr std::uint64_t kMostForStatus = 65'536;

}  // namespace

Result<MappedEvents> MappedEvents::open(const publish::Publisher& publisher) {
  const publish::HelloPages& pages = publisher.pages();
  if (publisher.hello() == nullptr || pages.events_fd() < 0 || pages.counters_fd() < 0) {
    return publisher.no_dataplane();
  }
  auto events_page = map_page(pages.events_fd(), "events");
  auto counters_page = map_page(pages.counters_fd(), "counters");
  if (!events_page || !counters_page) {
    return events_page ? counters_page.error() : events_page.error();
  }
  const auto events = abi::EventsView::open(events_page->bytes());
  const auto counters = abi::CountersView::open(counters_page->bytes());
  if (!events || !counters) {
    return events ? counters.error() : events.error();
  }
  if (events->workers() != publisher.hello()->worker_count) {
    return failed("events page: it is of " + std::to_string(events->workers()) +
                  " workers, and the dataplane has " +
                  std::to_string(publisher.hello()->worker_count) +
                  "; install both programs from one release");
  }
  return MappedEvents(*std::move(events_page), *std::move(counters_page), *events, *counters);
}

std::uint64_t MappedEvents::faulty() const {
  return count_faulty(events_, counters_.size(), kMostForStatus);
}

}  // namespace dialtone::daemon
