// SPDX-License-Identifier: Apache-2.0
//
// Two repeated storms side by side: as a page like report_page(), and as lines for a terminal.
// Pure.
#pragma once

#include "bench/emu/report/comparison.h"
#include "bench/emu/report/html.h"

#include <string>
#include <vector>

namespace dialtone::emu {

std::string comparison_page(const Side& first, const Side& second, const Comparison& comparison,
                            const std::vector<Budget>& budgets);
std::string comparison_text(const Side& first, const Side& second, const Comparison& comparison);

}  // namespace dialtone::emu
