// SPDX-License-Identifier: Apache-2.0
#include "control/build/device_names.h"

#include "dataplane/abi/canonical_name.h"

namespace dialtone::build {

using generator::DeviceFile;

void add_names(std::string_view device, generator::DeviceFileSet files,
               std::vector<std::string>& names) {
  for (const DeviceFile form : generator::kAllDeviceFiles) {
    abi::CanonicalName name;
    if (files.has(form) && device_file_name(form, device, name)) {
      names.emplace_back(name.view());
    }
  }
}

}  // namespace dialtone::build
