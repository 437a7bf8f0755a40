// SPDX-License-Identifier: Apache-2.0
//
// Moves the files of small and of mostly dead segments together into new ones, by copy; their
// records keep digest, class and time. Cold; one thread.
#pragma once

#include "control/image/file_table.h"

#include <vector>

namespace dialtone::image_build {

// The same files. Those of `always` move, and those of segments that are more than half dead.
// `huge_pages`: they go there when it is much and some are free.
Result<FileTable> repack(const FileTable& files, const std::vector<ObjectPtr>& always,
                         bool huge_pages);

}  // namespace dialtone::image_build
