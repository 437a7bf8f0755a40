// SPDX-License-Identifier: Apache-2.0
//
// A file that a person names, whole. Cold.
#pragma once

#include "dataplane/base/result.h"

#include <string>

namespace dialtone::emu {

// kUsage: it is no file, cannot be opened, or has more than 256 MiB.
Result<std::string> read_text_file(const std::string& path);

}  // namespace dialtone::emu
