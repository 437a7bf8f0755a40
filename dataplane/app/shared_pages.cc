// SPDX-License-Identifier: Apache-2.0
#include "dataplane/app/shared_pages.h"

#include <utility>

namespace dialtone::app {

Result<SharedPages> SharedPages::create(const Options& options) {
  auto counters = CountersMemory::create(options.workers());
  if (!counters) {
    return counters.error();
  }
  auto misses = MissMemory::create(options.workers());
  if (!misses) {
    return misses.error();
  }
  auto events = EventsMemory::create(options.events, options.workers());
  if (!events) {
    return events.error();
  }
  return SharedPages{*std::move(counters), *std::move(misses), *std::move(events)};
}

}  // namespace dialtone::app
