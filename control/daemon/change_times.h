// SPDX-License-Identifier: Apache-2.0
//
// From a change to the first request that was answered with what it changed, over all changes, by
// their kinds: for scrapers. A single change is in change_trace.h. One thread.
#pragma once

#include "control/daemon/change_trace.h"
#include "control/metrics/exposition.h"
#include "control/metrics/histogram.h"

namespace dialtone::daemon {

class ChangeTimes {
 public:
  // One that was served. The files of the first build after a start are no change.
  void add(const TracedChange& change) noexcept;
  // Of the histogram that was begun last.
  void write(metrics::Exposition& out) const;

 private:
  metrics::Histogram database_{metrics::kServedBounds};
  metrics::Histogram folder_{metrics::kServedBounds};
  metrics::Histogram build_{metrics::kServedBounds};
};

}  // namespace dialtone::daemon
