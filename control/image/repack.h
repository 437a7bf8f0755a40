// SPDX-License-Identifier: Apache-2.0
//
// Moves files to other segments by copy, so that those they lay in can go; their records keep
// digest, class and time. Cold; one thread.
#pragma once

#include "control/image/file_table.h"
#include "control/image/segment_stack.h"

#include <span>
#include <string>
#include <utility>
#include <vector>

namespace dialtone::image_build {

// The same files. Those of `always` move, those of segments of which more is dead than is worth its
// memory, and, when segments are many, those of small ones. `huge_pages`: they go there when it is
// much and some are free.
Result<FileTable> repack(const FileTable& files, const std::vector<ObjectPtr>& always,
                         bool huge_pages);

// Copies of these files, in segments of their own.
Result<SegmentStack::Files> copy_files(
    std::span<const std::pair<std::string_view, const FileEntry*>> files, bool huge_pages);

}  // namespace dialtone::image_build
