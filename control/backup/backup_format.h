// SPDX-License-Identifier: Apache-2.0
//
// What a backup is: a tar archive (POSIX pax) that `tar xf` opens, of these entries, the manifest
// last, so that a copy which was cut off is seen. docs/backup.md has it for people.
#pragma once

#include <string_view>

namespace dialtone::backup {

inline constexpr int kFormat = 2;  // 1 had no versions: a restore leaves those that are there
inline constexpr std::string_view kManifest = "manifest.json";
inline constexpr std::string_view kSharedRows = "database/shared.json";  // as `export json`
inline constexpr std::string_view kDevices = "database/devices.csv";     // as `export csv`
inline constexpr std::string_view kConfiguration = "config/dialtone.toml";
inline constexpr std::string_view kAssets = "assets/";  // and the path below the folder
// What names had before, and what is known of it: the path below assets::kVersions.
inline constexpr std::string_view kVersions = "versions/";

}  // namespace dialtone::backup
