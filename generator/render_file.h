// SPDX-License-Identifier: Apache-2.0
//
// One device into one file of a segment, with a binder that the caller keeps. Hot in a build.
#pragma once

#include "generator/pipeline.h"
#include "generator/render.h"

namespace dialtone::generator {

// An Error begins with the device's name; `file` holds nothing of use then.
Result<void> render_with(const TemplateSet& templates, RowBinder& binder, const DeviceBatch& batch,
                         const DeviceRecord& device, abi::SegmentWriter& writer,
                         RenderedFile& file);

}  // namespace dialtone::generator
