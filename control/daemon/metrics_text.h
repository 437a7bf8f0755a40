// SPDX-License-Identifier: Apache-2.0
//
// What a scraper is told: every counter of the dataplane under a name of its own, and, made of
// them, those that dashboards and alerts ask for (docs/reference.md, "Metrics"). No label has the
// name of a device or a file: there would be a series for each. One thread.
#pragma once

#include "control/build/builder.h"
#include "control/daemon/change_times.h"
#include "control/metrics/exposition.h"
#include "control/metrics/histogram.h"
#include "control/publish/publisher.h"

#include <string>
#include <string_view>

namespace dialtone::daemon {

struct BuildTimes {
  metrics::Histogram full;
  metrics::Histogram delta;
};

struct MetricsSource {
  const publish::Publisher& publisher;
  const build::Builder& builder;
  const BuildTimes& build_times;
  const ChangeTimes& change_times;
  std::string_view profile;
};

std::string metrics_text(const MetricsSource& source, metrics::Format format);

}  // namespace dialtone::daemon
