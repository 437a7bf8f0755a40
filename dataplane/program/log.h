// SPDX-License-Identifier: Apache-2.0
//
// The log of the daemons' cold paths: spdlog on stderr, a line an event. Never from a worker.
#pragma once

#include "dataplane/base/diagnostic.h"
#include "dataplane/base/log_line.h"

#include <spdlog/spdlog.h>

#include <string>

namespace dialtone::program {

// `name` stands in each line; `level`: debug, info, warning or error.
void open_log(const std::string& name, const std::string& level);

// A LogLine.
void log_line(Severity severity, const std::string& line);

// A line for each, the first of them when there are very many.
void log_faults(const Diagnostics& faults);

}  // namespace dialtone::program
