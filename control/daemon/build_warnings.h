// SPDX-License-Identifier: Apache-2.0
//
// What an answer warns of that its own change has not done. One thread.
#pragma once

#include "control/build/device_formats.h"
#include "control/daemon/answer.h"
#include "control/daemon/service.h"
#include "control/database/device.h"

#include <string>
#include <vector>

namespace dialtone::daemon {

// What is missing of the formats, as `status` says it.
void add_format_warnings(const Service& service, const build::DeviceFormats& formats,
                         Answer& answer);

// Of those of the `keys` which name a row whose file cannot be built: the device's own file is as
// it should be, and names one that may not be there.
void add_unbuilt_warnings(const Service& service, const database::Device& device,
                          const std::vector<std::string>& keys, Answer& answer);

}  // namespace dialtone::daemon
