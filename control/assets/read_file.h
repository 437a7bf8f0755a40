// SPDX-License-Identifier: Apache-2.0
//
// One file of a disk into a segment. Blocks; one thread.
#pragma once

#include "control/image/segment_stack.h"

#include <string>
#include <string_view>

namespace dialtone::assets {

// Reads the file as it is at one moment: one that grows or shrinks meanwhile is an Error, and its
// writer's close brings the next scan.
Result<void> read_file(const std::string& path, std::string_view canonical_name,
                       abi::FileClass file_class, image_build::SegmentStack& stack);

}  // namespace dialtone::assets
