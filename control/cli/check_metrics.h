// SPDX-License-Identifier: Apache-2.0
//
// Whether counters that were written to a file agree with themselves, with those of now, and with
// what a scraper reads: for a dashboard's first look, and after an update. Blocks on the file.
#pragma once

#include "control/api/message.h"
#include "dataplane/base/result.h"

#include <cstddef>
#include <string>
#include <vector>

namespace dialtone::cli {

struct MetricsCheck {
  std::size_t counters = 0;                  // that were compared
  std::size_t metrics = 0;                   // of a scrape, likewise
  std::vector<std::string> disagreements{};  // a line each
};

// `path` has what `dialtone counters --json` has printed; `now` is the result of the same command.
Result<MetricsCheck> check_metrics(const std::string& path, const api::Json& now);

// Adds what `scraped`, in the text format of Prometheus, says otherwise than the results of the
// command before and behind it.
void check_scrape(const std::string& scraped, const api::Json& before, const api::Json& behind,
                  MetricsCheck& check);

}  // namespace dialtone::cli
