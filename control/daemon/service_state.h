// SPDX-License-Identifier: Apache-2.0
//
// Whether clients are answered, as the dataplane has confirmed it. One thread.
#pragma once

#include "control/api/message.h"
#include "control/daemon/service.h"

#include <string>

namespace dialtone::daemon {

// `service` of `dialtone status`, and the result of `dialtone service`: docs/control-api.md.
api::Json service_json(const Service& service);

// Empty: requests are answered, or a warning of the dataplane's health says why they are not.
std::string service_warning(const Service& service);

}  // namespace dialtone::daemon
