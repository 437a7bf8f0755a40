// SPDX-License-Identifier: Apache-2.0
//
// A storm from its options to its exit code: for the commands that differ in who the phones are.
#pragma once

#include "bench/emu/app/storm_options.h"
#include "bench/emu/storm/campus_plan.h"

#include <functional>

namespace dialtone::emu {

using CampusReader = std::function<Result<CampusPlan>()>;

// Starts DPDK, so once in a process. An exit code (command_end.h); errors are printed.
int run_storm_command(const StormOptions& options, const CampusReader& read_campus);

}  // namespace dialtone::emu
