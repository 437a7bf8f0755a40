// SPDX-License-Identifier: Apache-2.0
//
// All counters as they are now: those of the dataplane, from the page that it shares, and Cisco's,
// which are made of them and of what this process has built. One thread.
#pragma once

#include "control/build/builder.h"
#include "control/daemon/counter_marks.h"
#include "control/publish/publisher.h"

namespace dialtone::daemon {

// kUnreachable: no dataplane is connected.
Result<CounterReading> read_counters(const publish::Publisher& publisher,
                                     const build::Builder& builder);

}  // namespace dialtone::daemon
