// SPDX-License-Identifier: Apache-2.0
#include "control/backup/staged_assets.h"

#include <stdlib.h>

#include <cerrno>
#include <filesystem>

namespace dialtone::backup {

namespace fs = std::filesystem;

Result<StagedAssets> StagedAssets::create(const std::string& folder) {
  std::string staging = folder + "/.dialtone-restore-XXXXXX";
  if (::mkdtemp(staging.data()) == nullptr) {
    return errno_error("making a folder in " + folder, errno);
  }
  StagedAssets staged(folder, staging);
  std::error_code error;
  fs::create_directory(staging + "/new", error);
  fs::create_directory(staging + "/old", error);
  return staged;
}

StagedAssets::StagedAssets(StagedAssets&& other) noexcept
    : folder_(std::move(other.folder_)),
      staging_(std::exchange(other.staging_, {})),
      moves_(std::exchange(other.moves_, {})) {}

StagedAssets::~StagedAssets() {
  if (staging_.empty()) {
    return;
  }
  std::error_code ignored;
  for (auto move = moves_.rbegin(); move != moves_.rend(); ++move) {
    fs::rename(move->second, move->first, ignored);
  }
  fs::remove_all(staging_, ignored);
}

Result<void> StagedAssets::move(const std::string& from, const std::string& to) {
  std::error_code error;
  fs::create_directories(fs::path(to).parent_path(), error);
  fs::rename(from, to, error);
  if (error) {
    return errno_error("moving " + from + " to " + to, error.value());
  }
  moves_.emplace_back(from, to);
  return {};
}

Result<void> StagedAssets::apply(const std::vector<std::string>& old_paths,
                                 const std::vector<std::string>& new_paths) {
  for (const std::string& path : old_paths) {
    DIALTONE_TRY(move(folder_ + "/" + path, staging_ + "/old/" + path));
  }
  for (const std::string& path : new_paths) {
    // No backup has what is too large, or cannot be looked at; should the rest fail, it comes back.
    std::error_code ignored;
    const auto in_the_way = fs::symlink_status(folder_ + "/" + path, ignored);
    if (fs::is_regular_file(in_the_way) || fs::is_symlink(in_the_way)) {
      DIALTONE_TRY(move(folder_ + "/" + path, staging_ + "/old/" + path));
    }
    DIALTONE_TRY(move(staging_ + "/new/" + path, folder_ + "/" + path));
  }
  return {};
}

}  // namespace dialtone::backup
