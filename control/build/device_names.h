// SPDX-License-Identifier: Apache-2.0
//
// From devices to the names of their files. Private to DeviceBuilder.
#pragma once

#include "control/build/shared_file_builder.h"
#include "dataplane/base/error.h"
#include "generator/device_files.h"

#include <string>
#include <string_view>
#include <vector>

namespace dialtone::build {

// What most devices have.
inline constexpr generator::DeviceFileSet kXmlAlone =
    generator::DeviceFileSet().with(generator::DeviceFile::kXml);

// Appends the canonical names of those files of the device.
void add_names(std::string_view device, generator::DeviceFileSet files,
               std::vector<std::string>& names);

// Why the files of a device cannot be built.
FileFault device_fault(std::string_view device, const Error& error);

}  // namespace dialtone::build
