// SPDX-License-Identifier: Apache-2.0
//
// A softkey template for 7911, 7941, 7961, 7970, 7971 and all that came behind them: SK<name>.xml
// (cisco-tftp 4.1 and 4.3). A template with a key or a state that no phone knows is a fault. Cold;
// pure; any thread.
#pragma once

#include "generator/shared/shared_files.h"

namespace dialtone::generator {

void add_softkey_files(const Campus& campus, SharedFiles& all);

}  // namespace dialtone::generator
