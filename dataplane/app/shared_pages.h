// SPDX-License-Identifier: Apache-2.0
//
// The memory that this process shares with control, all of it: what HELLO hands over. Made once at
// start.
#pragma once

#include "dataplane/app/counters_memory.h"
#include "dataplane/app/events_memory.h"
#include "dataplane/app/miss_memory.h"
#include "dataplane/app/options.h"
#include "dataplane/base/result.h"

namespace dialtone::app {

struct SharedPages {
  CountersMemory counters;
  MissMemory misses;
  EventsMemory events;

  static Result<SharedPages> create(const Options& options);
};

}  // namespace dialtone::app
