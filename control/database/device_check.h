// SPDX-License-Identifier: Apache-2.0
//
// Whether a device fits the shared rows, and the ids of those it refers to; for DeviceStore. Cold;
// the thread of the Database.
#pragma once

#include "control/database/checked_device.h"
#include "control/database/device.h"
#include "control/database/known_rows.h"
#include "dataplane/base/result.h"

#include <vector>

namespace dialtone::database {

// The code of a parameter that the device's file could not have.
inline constexpr const char* kBadParameter = "bad-parameter";

// What is wrong goes to `faults`, all of it; the result is good when there is nothing. An Error is
// one of the database. Names that lead nowhere are reported with the nearest one when `hints`.
Result<CheckedDevice> check_device(KnownRows& known, const Device& device, bool hints,
                                   std::vector<Fault>& faults);

}  // namespace dialtone::database
