// SPDX-License-Identifier: Apache-2.0
//
// From devices to the names of their files. Private to DeviceBuilder.
#pragma once

#include "generator/device_files.h"

#include <string>
#include <string_view>
#include <vector>

namespace dialtone::build {

// Appends the canonical names of those files of the device.
void add_names(std::string_view device, generator::DeviceFileSet files,
               std::vector<std::string>& names);

}  // namespace dialtone::build
