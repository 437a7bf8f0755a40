// SPDX-License-Identifier: Apache-2.0
//
// What full builds and changes of devices share. Private to DeviceBuilder.
#pragma once

#include "control/build/shared_file_builder.h"
#include "dataplane/base/error.h"
#include "generator/device_files.h"

#include <cstddef>
#include <string_view>

namespace dialtone::build {

inline constexpr std::size_t kLargeChunk = std::size_t{2} << 20;
// A file of 10 KB, with record, name and sums.
inline constexpr std::size_t kBytesPerDevice = 10'500;

// What most devices have.
inline constexpr generator::DeviceFileSet kXmlAlone =
    generator::DeviceFileSet().with(generator::DeviceFile::kXml);

// Why the files of a device cannot be built.
FileFault device_fault(std::string_view device, const Error& error);

}  // namespace dialtone::build
