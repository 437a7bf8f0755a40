// SPDX-License-Identifier: Apache-2.0
//
// Runs a program as a filter: a text in, bytes out, within limits. No shell, no environment, no
// descriptor but 0, 1 and 2, a process group of its own that is killed at the end, whatever
// happens. Any thread; blocks until the program has ended.
#pragma once

#include "dataplane/base/result.h"

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace dialtone::build {

struct FilterLimits {
  std::chrono::milliseconds time;
  std::size_t output;
};

// kRefused when it ends with another status than 0, takes longer, or writes more; kFailed when it
// could not be started.
Result<std::string> run_filter(const std::vector<std::string>& words, std::string_view input,
                               const FilterLimits& limits);

}  // namespace dialtone::build
