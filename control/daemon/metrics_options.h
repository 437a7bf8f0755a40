// SPDX-License-Identifier: Apache-2.0
//
// The key 'metrics' of [control]: where a scraper reads (docs/reference.md). Cold.
#pragma once

#include "control/metrics/scrape_server.h"
#include "dataplane/config/toml_file.h"

#include <optional>
#include <string>

namespace dialtone::daemon {

// Nothing: nobody can; or it is wrong, and `table` has the fault.
std::optional<metrics::Endpoint> read_metrics(config::TomlTable& table);

// "http://127.0.0.1:9111/metrics".
std::string url_of(const metrics::Endpoint& endpoint);

}  // namespace dialtone::daemon
