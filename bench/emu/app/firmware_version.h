// SPDX-License-Identifier: Apache-2.0
//
// Whether a phone's firmware is older than 8.0(4), which brought phones an order of their own in
// which they believe what they hear of TFTP servers (features 59 and 60). Cold; pure.
#pragma once

#include "bench/emu/app/device_options.h"

namespace dialtone::emu {

// By --fw; a phone of cm3 is.
bool is_before_8_0_4(const DeviceOptions& options);

}  // namespace dialtone::emu
