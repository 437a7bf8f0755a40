// SPDX-License-Identifier: Apache-2.0
//
// The table [signing] of the configuration file. Cold.
#pragma once

#include "control/daemon/options.h"
#include "dataplane/config/toml_file.h"

namespace dialtone::daemon {

// Sets what `options` has of signing. The key's file is not read: what is wrong with that is known
// when it is used, and does not keep control from serving.
void read_signing(const config::TomlFile& file, Options& options, Diagnostics& faults);

}  // namespace dialtone::daemon
