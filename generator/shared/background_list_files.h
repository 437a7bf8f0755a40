// SPDX-License-Identifier: Apache-2.0
//
// What a phone's menu of background images offers: Desktops/<folder>/List.xml for each folder,
// which is named for the screen, as 320x212x16 (cisco-tftp 8.2). A folder without rows is no file,
// so that the asset folder's own is served. Cold; pure; any thread.
#pragma once

#include "dataplane/base/result.h"
#include "generator/shared/shared_files.h"

#include <string_view>

namespace dialtone::generator {

// `campus.backgrounds` is in order of folders.
void add_background_list_files(const Campus& campus, SharedFiles& all);

// Width, height and bits of a pixel: "320x212x16".
Result<void> check_background_folder(std::string_view folder);
// The name of a .png in that folder.
Result<void> check_background_file(std::string_view file);

}  // namespace dialtone::generator
