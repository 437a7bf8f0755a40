// SPDX-License-Identifier: Apache-2.0
//
// What --json prints of a device's run, and what --expect is held against. Pure.
#pragma once

#include "bench/emu/app/device_run.h"

#include <nlohmann/json.hpp>

namespace dialtone::emu {

nlohmann::json device_document(const DevicePlan& plan, const Device& device,
                               const RunResult& result);

}  // namespace dialtone::emu
