// SPDX-License-Identifier: Apache-2.0
//
// Reads one page of dialtone-control's own HTTP server, whose address it gave itself. A library for
// that would be loaded at each start of the command, for one of its options. Blocks for
// kHttpPatience at most, each time that nothing comes.
#pragma once

#include "dataplane/base/result.h"

#include <chrono>
#include <string>

namespace dialtone::cli {

inline constexpr std::chrono::seconds kHttpPatience{10};

// The body of what `url`, as "http://127.0.0.1:9111/metrics" with an address in numbers, answers;
// an Error: nobody does, or with another status than 200.
Result<std::string> http_get(const std::string& url);

}  // namespace dialtone::cli
