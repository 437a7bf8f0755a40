// SPDX-License-Identifier: Apache-2.0
//
// Waits until the service is in the state that an order asked for. Blocks; the main thread.
#pragma once

#include "control/api/client.h"
#include "control/cli/invocation.h"

#include <functional>

namespace dialtone::cli {

using Ask = std::function<Result<api::Reply>(const Invocation& asked)>;

// `reply`: to the order. The last reply to `service status`: in asked.awaited's state, or no reply
// that says a state at all. kTimeout: it does not come to it in time, and why.
Result<api::Reply> await_service(const Invocation& asked, api::Reply reply, const Ask& ask);

}  // namespace dialtone::cli
