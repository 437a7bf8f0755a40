// SPDX-License-Identifier: Apache-2.0
//
// The log of the cold path: spdlog on stderr, a line an event. Never from a worker.
#pragma once

#include <spdlog/spdlog.h>

#include <string>

namespace dialtone::app {

// `level`: debug, info, warning or error.
void open_log(const std::string& level);

}  // namespace dialtone::app
