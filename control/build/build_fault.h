// SPDX-License-Identifier: Apache-2.0
//
// What a person reads of a file that could not be built. Cold; any thread.
#pragma once

#include "dataplane/base/diagnostic.h"

#include <string>

namespace dialtone::build {

Diagnostic build_fault(const std::string& why);

}  // namespace dialtone::build
