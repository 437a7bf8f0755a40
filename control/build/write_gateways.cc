// SPDX-License-Identifier: Apache-2.0
#include "control/build/write_gateways.h"

#include "generator/pipeline.h"
#include "generator/shared/shared_files.h"

#include <string>
#include <utility>

namespace dialtone::build {

using image_build::FileEntry;

Result<void> write_gateways(const GatewayFiles& gateways, const generator::TemplateSet& templates,
                            const generator::PreparedCampus& prepared, abi::SegmentWriter& writer,
                            NamedFiles& files, std::vector<FileFault>& faults) {
  for (const generator::SharedFile& file : gateways.files) {
    auto entry = write_shared_file(file, generator::canonical_file_name(file.name), writer);
    if (!entry) {
      return entry.error();
    }
    files.emplace_back(generator::canonical_file_name(file.name), *std::move(entry));
  }
  for (const generator::DeviceRecord& device : gateways.endpoints.devices()) {
    const auto rendered =
        generator::render_device(templates, prepared, gateways.endpoints, device, writer);
    if (!rendered && rendered.error().code == ErrorCode::kRefused) {
      faults.push_back({generator::canonical_file_name(std::string(device.name) + ".cnf.xml"),
                        rendered.error().text, std::string(device.name)});
      continue;
    }
    if (!rendered) {
      return rendered.error();
    }
    for (const generator::RenderedFile& file : *rendered) {
      files.emplace_back(file.name.view(), FileEntry{nullptr, file.place});
    }
  }
  faults.insert(faults.end(), gateways.faults.begin(), gateways.faults.end());
  return {};
}

}  // namespace dialtone::build
