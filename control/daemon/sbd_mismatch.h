// SPDX-License-Identifier: Apache-2.0
//
// Security by default ("SBD"): a phone that has an ITL never registers with a Unified CM from
// before 8.0, and boots for ever (features 79). One thread; reads the database.
#pragma once

#include "control/daemon/service.h"

#include <string>

namespace dialtone::daemon {

// Where an ITL is served and such a Unified CM is known: both sides, and the cure, behind the code
// "sbd-mismatch". Empty: there is no such pair.
std::string sbd_mismatch(Service& service);

}  // namespace dialtone::daemon
