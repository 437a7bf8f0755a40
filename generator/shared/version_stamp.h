// SPDX-License-Identifier: Apache-2.0
//
// "1231176639-afb83e8d-60c2-4c00-b44a-74941a6451e8": when the inputs of a file changed last, and
// which they are (cisco-tftp 1.6). The same form as in the devices' files. Cold; pure; any thread.
#pragma once

#include "generator/uuid.h"

#include <cstdint>
#include <string>

namespace dialtone::generator {

// "afb83e8d-60c2-4c00-b44a-74941a6451e8".
std::string uuid_text(const Uuid& uuid);

std::string version_stamp(std::uint64_t changed_s, const Uuid& stamp);

}  // namespace dialtone::generator
