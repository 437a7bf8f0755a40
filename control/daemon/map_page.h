// SPDX-License-Identifier: Apache-2.0
//
// A page that the dataplane writes and this process reads, as HELLO handed it over. Cold.
#pragma once

#include "dataplane/base/mapping.h"
#include "dataplane/base/result.h"

#include <string>

namespace dialtone::daemon {

// Maps all of `fd` to read. Refused when it is not sealed against shrinking, since a reader
// of what is gone dies. `what` is
// for messages: "counters".
Result<Mapping> map_page(int fd, const std::string& what);

}  // namespace dialtone::daemon
