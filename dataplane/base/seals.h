// SPDX-License-Identifier: Apache-2.0
//
// Seals on memory files (fcntl(2), F_ADD_SEALS).
#pragma once

#include "dataplane/base/result.h"

namespace dialtone {

// Adds `seals` to the memory file `fd`, of which no writable map may exist when F_SEAL_WRITE is
// among them. The kernel refuses that seal for as long as anything holds one of the pages: memory
// reclaim that looks at it, or I/O under way. That passes, so it is waited for; two seconds at
// most. Cold: not for a worker.
Result<void> add_seals(int fd, int seals);

}  // namespace dialtone
