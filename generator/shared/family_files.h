// SPDX-License-Identifier: Apache-2.0
//
// The small files of 7940 and 7960 with SIP: OS79XX.TXT, which says to universal boot loaders which
// load to take, and syncinfo.xml (cisco-tftp 3.1). Cold; pure.
#pragma once

#include "generator/shared/shared_files.h"

namespace dialtone::generator {

void add_family_files(const Campus& campus, SharedFiles& all);

}  // namespace dialtone::generator
