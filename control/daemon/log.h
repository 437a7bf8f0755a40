// SPDX-License-Identifier: Apache-2.0
//
// The log of dialtone-control: spdlog on stderr, a line an event.
#pragma once

#include "dataplane/base/diagnostic.h"

#include <spdlog/spdlog.h>

#include <string>

namespace dialtone::daemon {

// `level`: debug, info, warning or error.
void open_log(const std::string& level);

// A line for each, the first of them when there are very many.
void log_faults(const Diagnostics& faults);

}  // namespace dialtone::daemon
