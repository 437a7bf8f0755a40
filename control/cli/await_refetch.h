// SPDX-License-Identifier: Apache-2.0
//
// Waits until a device has asked for a file of its own again, as one does that was reset. Blocks;
// the main thread.
#pragma once

#include "control/cli/await_service.h"

namespace dialtone::cli {

// `reply`: to `device reset`. The same, with "refetch": how many of the device's files were asked
// for since then, and "fetched": those, each as `served` says it. kTimeout: none within
// asked.refetch_patience.
Result<api::Reply> await_refetch(const Invocation& asked, api::Reply reply, const Ask& ask);

}  // namespace dialtone::cli
