// SPDX-License-Identifier: Apache-2.0
//
// A dial plan for two kinds of SIP phones: DR<name>.xml for 7911, 7941, 7961, 7970, 7971 and all
// that came behind them, <name>.xml for 7940 and 7960. The same rules in two spellings (cisco-tftp
// 3.3 and 4.2). Cold; pure; any thread.
#pragma once

#include "generator/shared/shared_files.h"

namespace dialtone::generator {

void add_dial_plan_files(const Campus& campus, SharedFiles& all);

}  // namespace dialtone::generator
