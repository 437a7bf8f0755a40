// SPDX-License-Identifier: Apache-2.0
//
// What the options of `dialtone-emu phone` and `dialtone-emu gateway` make of a device. Cold; reads
// the files that they name.
#pragma once

#include "bench/emu/app/device_kind.h"
#include "bench/emu/app/device_options.h"
#include "bench/emu/device/device.h"
#include "dataplane/base/result.h"

namespace dialtone::emu {

// All that is wrong with them, one line for each.
Result<DevicePlan> plan_device(const DeviceOptions& options);

}  // namespace dialtone::emu
