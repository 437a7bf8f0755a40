// SPDX-License-Identifier: Apache-2.0
//
// One device into its files, in a segment. Hot in a build.
#pragma once

#include "generator/pipeline.h"
#include "generator/render.h"

namespace dialtone::generator {

// Keeps the rows from device to device; one for each task. The campus outlives it.
class DeviceRenderer {
 public:
  explicit DeviceRenderer(const PreparedCampus& campus) noexcept
      : xml_(campus), lines_(campus, Syntax::kLines) {}

  // An Error begins with the device's name; `files` holds nothing of use then.
  Result<void> render(const TemplateSet& templates, const DeviceBatch& batch,
                      const DeviceRecord& device, abi::SegmentWriter& writer, RenderedFiles& files);

 private:
  Result<void> render_one(const TemplateSet& templates, const DeviceBatch& batch,
                          const DeviceRecord& device, abi::SegmentWriter& writer,
                          RenderedFile& file);

  RowBinder xml_;
  RowBinder lines_;
};

}  // namespace dialtone::generator
