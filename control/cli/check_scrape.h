// SPDX-License-Identifier: Apache-2.0
//
// Whether a scraper reads what the command says. Pure; any thread.
#pragma once

#include "control/cli/check_metrics.h"

#include <string>

namespace dialtone::cli {

// Adds what `scraped`, in the text format of Prometheus, says otherwise than the results of
// `dialtone counters` before and behind it.
void check_scrape(const std::string& scraped, const api::Json& before, const api::Json& behind,
                  MetricsCheck& check);

}  // namespace dialtone::cli
