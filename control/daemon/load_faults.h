// SPDX-License-Identifier: Apache-2.0
//
// Loads that phones are told of and cannot fetch, before the first of them tries. The thread of the
// Service.
#pragma once

#include "control/daemon/service.h"
#include "control/database/load_use.h"

#include <string>
#include <string_view>
#include <vector>

namespace dialtone::daemon {

// The file with which a phone begins that is told of `load`; empty: none is served.
std::string file_of_load(const image_build::FileTable& files, std::string_view load);

// Models whose phones have no load, or one that is not served, and devices with such ones of their
// own: a fault each. None without a database.
Result<Diagnostics> load_faults(Service& service);

// The same in one sentence for `status`; empty: all is well, or there is no asset folder.
std::string load_warning(Service& service);

}  // namespace dialtone::daemon
