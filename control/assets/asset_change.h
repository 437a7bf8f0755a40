// SPDX-License-Identifier: Apache-2.0
//
// A change of several files of the asset folder that is made whole or not at all, whenever the
// process or the machine ends. Its new bytes are staged; then its text is laid beside them, and
// from that moment it is made: by apply(), or by the next process, which finds the text and does
// what is left. Until the text is removed it can be undone. Below the folder:
//
//   .dialtone/staging/0, 1, ...        new bytes; "plan" is the text of the change
//   .dialtone/versions/DIGEST/N        bytes of version N of a name that lies there no more
//   .dialtone/versions/DIGEST/record   what is known of them (version_record.h)
//
// DIGEST is that of the canonical name. Names that begin with a dot are never served or watched.
#pragma once

#include "control/assets/asset_disk.h"
#include "control/assets/version_record.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dialtone::assets {

inline constexpr const char* kOwn = ".dialtone";
inline constexpr const char* kStaging = ".dialtone/staging";
inline constexpr const char* kPlan = ".dialtone/staging/plan";
inline constexpr const char* kVersions = ".dialtone/versions";
// Bytes of the text of a change and of a record. More is neither written nor read.
inline constexpr std::uint64_t kMaxPlan = std::uint64_t{256} << 20;
inline constexpr std::uint64_t kMaxRecord = std::uint64_t{16} << 20;

struct FileChange {
  std::string path;         // from the asset folder
  std::string staged;       // where the new bytes are; empty: the file goes
  std::uint32_t saved = 0;  // the version that lies there now; 0: nothing does
  std::optional<VersionRecord> before;
  VersionRecord after;
};

std::string record_path(std::string_view canonical_name);
std::string version_path(std::string_view canonical_name, std::uint32_t number);
// Of a path from kVersions: as version_path() or record_path() give it.
enum class KeptFile : std::uint8_t { kNone, kVersion, kRecord };
KeptFile kept_file(std::string_view path) noexcept;
// The text of the record at such a path. kRefused: it is none of that name.
Result<void> check_record(std::string_view path, std::string_view text);
// Nothing: there is none yet. An Error: it cannot be read.
Result<std::optional<VersionRecord>> read_record_of(const AssetDisk& disk,
                                                    std::string_view canonical_name);

std::string to_text(const std::vector<FileChange>& changes);
// kRefused: it is none, or one that to_text() cannot have written: of a path that no file can be
// put under, of bytes that are not staged, of records of other names.
Result<std::vector<FileChange>> read_changes(std::string_view text);

// Does what is not done yet, in any state that an end of the process may have left.
Result<void> apply(const AssetDisk& disk, const FileChange& change);
// Lays back what lay there before.
Result<void> undo(const AssetDisk& disk, const FileChange& change);
// Versions that the record has no more.
void prune(const AssetDisk& disk, const FileChange& change);

}  // namespace dialtone::assets
