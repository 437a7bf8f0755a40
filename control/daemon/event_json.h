// SPDX-License-Identifier: Apache-2.0
//
// One event as clients of the control socket read it (docs/control-api.md). Cold.
#pragma once

#include "control/api/message.h"
#include "control/daemon/event_query.h"
#include "control/daemon/mapped_events.h"

#include <string>
#include <string_view>

namespace dialtone::daemon {

// Every byte of a name as it came, in ASCII that is safe anywhere: \xNN for what is not, \\ for \.
std::string escaped(std::string_view name);

api::Json event_json(const FoundEvent& found, const MappedEvents& shared);

}  // namespace dialtone::daemon
