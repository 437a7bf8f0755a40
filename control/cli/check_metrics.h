// SPDX-License-Identifier: Apache-2.0
//
// Whether counters that were written to a file agree with themselves and with those of now: for a
// dashboard's first look, and after an update. check_scrape.h has the scraper. Blocks on the file.
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

// `path`, or standard input for "-", has what `dialtone counters --json` has printed; `now` is the
// result of the same command. kRefused: it is something else, or more than 1 MiB.
Result<MetricsCheck> check_metrics(const std::string& path, int standard_input,
                                   const api::Json& now);

}  // namespace dialtone::cli
