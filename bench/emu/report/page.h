// SPDX-License-Identifier: Apache-2.0
//
// The report of one storm: a single HTML file that needs no network and no script. What it must
// answer, and in which order: operators 3.1. Pure.
#pragma once

#include "bench/emu/report/html.h"
#include "bench/emu/report/run_data.h"

#include <string>
#include <vector>

namespace dialtone::emu {

std::string report_page(const RunData& run, const std::vector<Budget>& budgets);

}  // namespace dialtone::emu
